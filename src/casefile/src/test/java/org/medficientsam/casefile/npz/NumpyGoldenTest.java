package org.medficientsam.casefile.npz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Limits;

/** Archives that NumPy wrote, and what NumPy says they hold: src/test/resources/numpy, with the script that made them. */
class NumpyGoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/numpy");

    /** One line of expected.tsv. */
    record Expected(String file, String array, String dtype, String shape, String bytes, String values) {
        static Expected parse(String line) {
            String[] columns = line.split("\t", -1);
            return new Expected(columns[0], columns[1], columns[2], columns[3], columns[4], columns[5]);
        }

        Path path() {
            return FOLDER.resolve(file + ".npz");
        }

        @Override
        public String toString() {
            return file + " " + array;
        }
    }

    static Stream<Expected> arrays() throws IOException {
        return Files.readAllLines(FOLDER.resolve("expected.tsv")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(Expected::parse);
    }

    static List<String> files() throws IOException {
        return arrays().map(Expected::file).distinct().toList();
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void arrayIsReadAsNumpyReadsIt(Expected expected) throws Exception {
        NpyArray array = Npz.read(expected.path(), Limits.DEFAULT).get(expected.array);

        assertThat(array.dtype()).hasToString(expected.dtype);
        assertThat(Arrays.toString(array.shape())).isEqualTo("[" + expected.shape.replace(",", ", ") + "]");
        assertThat(bytesOrSum(array.bytes(), expected.bytes)).isEqualTo(expected.bytes);
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void valuesConvertAsNumpyPrintsThem(Expected expected) throws Exception {
        NpyArray array =
                Npz.read(expected.path(), Limits.DEFAULT, expected.array).get(expected.array);
        if (expected.values.isEmpty()) return; // too many, or none

        String[] values = expected.values.split(" ");
        assertThat(array.toDoubles())
                .isEqualTo(
                        Stream.of(values).mapToDouble(NumpyGoldenTest::number).toArray());
        if (array.dtype().isFloat()) return;
        BigInteger[] integers = Stream.of(values)
                .map(v -> v.equals("True") ? "1" : v.equals("False") ? "0" : v)
                .map(BigInteger::new)
                .toArray(BigInteger[]::new);
        checkFits(integers, 0, 16, () -> widen(array.toUint16()));
        checkFits(integers, -31, 31, () -> Arrays.stream(array.toInts())
                .asLongStream()
                .toArray());
        checkFits(integers, -63, 63, array::toLongs);
    }

    private interface Conversion {
        long[] convert();
    }

    /** The conversion has to succeed if all values are in [-2^low, 2^high) and to refuse them otherwise. */
    private static void checkFits(BigInteger[] values, int low, int high, Conversion conversion) {
        BigInteger min = low == 0 ? BigInteger.ZERO : BigInteger.TWO.pow(-low).negate();
        BigInteger max = BigInteger.TWO.pow(high);
        boolean fits = Stream.of(values).allMatch(v -> v.compareTo(min) >= 0 && v.compareTo(max) < 0);
        if (fits) {
            assertThat(conversion.convert())
                    .isEqualTo(Stream.of(values)
                            .mapToLong(BigInteger::longValueExact)
                            .toArray());
        } else {
            assertThat(catchThrown(conversion)).isInstanceOf(InvalidCaseException.class);
        }
    }

    private static Throwable catchThrown(Conversion conversion) {
        return org.assertj.core.api.Assertions.catchThrowable(conversion::convert);
    }

    private static long[] widen(short[] values) {
        long[] wide = new long[values.length];
        for (int i = 0; i < wide.length; i++) wide[i] = Short.toUnsignedLong(values[i]);
        return wide;
    }

    private static double number(String python) {
        return switch (python) {
            case "True" -> 1;
            case "False" -> 0;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> Double.parseDouble(python);
        };
    }

    @ParameterizedTest
    @MethodSource("files")
    void streamBytesAndFileReadTheSame(String file) throws IOException {
        Path path = FOLDER.resolve(file + ".npz");
        byte[] bytes = Files.readAllBytes(path);
        Npz fromFile = Npz.read(path, Limits.DEFAULT);

        for (Npz other :
                List.of(Npz.read(bytes, Limits.DEFAULT), Npz.read(new ByteArrayInputStream(bytes), Limits.DEFAULT))) {
            assertThat(other).hasToString(fromFile.toString());
            for (String name : fromFile.names())
                assertThat(other.get(name).bytes()).isEqualTo(fromFile.get(name).bytes());
        }
    }

    /** {@code numpy.savez} writes C order, little-endian and version 1 on the machines we know; so do we, to the byte. */
    @ParameterizedTest
    @ValueSource(strings = {"native", "scalars", "empty", "names", "zip64-end"})
    void arraysAreWrittenAsNumpyWroteThem(String file) throws IOException {
        Path path = FOLDER.resolve(file + ".npz");
        Npz npz = Npz.read(path, Limits.DEFAULT);
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        // NumPy keeps the Fortran flag of this one, although it is empty.
        npz.names().stream().filter(name -> !name.equals("3x0x2")).forEach(name -> arrays.put(name, npz.get(name)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Npz.write(out, arrays);

        ZipInputStream ours = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()));
        try (ZipFile numpys = new ZipFile(path.toFile(), StandardCharsets.UTF_8)) {
            for (String name : arrays.keySet()) {
                ZipEntry entry = numpys.getEntry(name + ".npy");
                assertThat(ours.getNextEntry().getName()).isEqualTo(entry.getName());
                assertThat(ours.readAllBytes())
                        .as(name)
                        .isEqualTo(numpys.getInputStream(entry).readAllBytes());
            }
        }
        assertThat(ours.getNextEntry()).isNull();
    }

    @Test
    void archiveWithoutEntriesHasNoArrays() throws IOException {
        assertThat(Npz.read(FOLDER.resolve("nothing.npz"), Limits.DEFAULT).names())
                .isEmpty();
    }

    private static String bytesOrSum(byte[] bytes, String expected) throws Exception {
        HexFormat hex = HexFormat.of();
        if (!expected.startsWith("sha256:")) return hex.formatHex(bytes);
        return "sha256:" + hex.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
