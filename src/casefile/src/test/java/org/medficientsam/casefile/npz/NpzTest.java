package org.medficientsam.casefile.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;
import org.medficientsam.casefile.Limits;

class NpzTest {
    private static final Limits TIGHT = new Limits(4096, 8, 128, 1000, 1500, 10);

    private static Map<String, NpyArray> arrays() {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("u1", NpyArray.of(new byte[] {1, (byte) 255}, 2));
        arrays.put("u2", NpyArray.of(new short[] {1, (short) 65535}, 1, 2));
        arrays.put("i4", NpyArray.of(new int[] {-7}));
        arrays.put("i8", NpyArray.of(new long[] {Long.MIN_VALUE, 3, Long.MAX_VALUE}, 3));
        arrays.put("f4", NpyArray.of(new float[] {1.5f, Float.NaN}, 2, 1));
        arrays.put("f8", NpyArray.of(new double[] {}, 0, 4));
        return arrays;
    }

    private static byte[] write(Map<String, NpyArray> arrays) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Npz.write(out, arrays);
        return out.toByteArray();
    }

    private static void tooLarge(byte[] npz, String message) {
        assertThatThrownBy(() -> Npz.read(npz, TIGHT))
                .isInstanceOfSatisfying(
                        InvalidCaseException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE))
                .hasMessage(message);
    }

    @Test
    void factoriesKeepValuesAndShapes() throws IOException {
        Npz npz = Npz.read(write(arrays()), Limits.DEFAULT);

        assertThat(npz.names()).containsExactly("u1", "u2", "i4", "i8", "f4", "f8");
        assertThat(npz)
                .hasToString(
                        "npz {u1: uint8 (2,), u2: uint16 (1, 2), i4: int32 (), i8: int64 (3,), f4: float32 (2, 1), f8: float64 (0, 4)}");
        assertThat(npz.get("u1").uint8()).containsExactly(1, 255);
        assertThat(npz.get("u2").toInts()).containsExactly(1, 65535);
        assertThat(npz.get("i4").toInts()).containsExactly(-7);
        assertThat(npz.get("i8").toLongs()).containsExactly(Long.MIN_VALUE, 3, Long.MAX_VALUE);
        assertThat(npz.get("f4").toDoubles()).containsExactly(1.5, Double.NaN);
        assertThat(npz.get("f8").size()).isZero();
    }

    @Test
    void factoriesCopyAndCheckTheShape() {
        byte[] data = {1, 2};
        NpyArray array = NpyArray.of(data, 2);
        data[0] = 9;
        assertThat(array.uint8()).containsExactly(1, 2);
        assertThatThrownBy(() -> NpyArray.of(data, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shape (3,) must hold 2 elements");
        assertThatThrownBy(() -> NpyArray.of(data, -1, -2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sameArraysMakeTheSameBytesInAnyZone(@TempDir Path folder) throws IOException {
        byte[] first = write(arrays());
        TimeZone zone = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Chatham"));
            Npz.write(folder.resolve("second.npz"), arrays());
        } finally {
            TimeZone.setDefault(zone);
        }
        assertThat(folder.resolve("second.npz")).hasBinaryContent(first);
    }

    @Test
    void unwantedArraysAreNotEvenLookedAt() {
        byte[] npz = new RawNpz()
                .array("imgs", "|u1", "(2, 2)", 4)
                .array("stats", "<U3", "()", 12)
                .entry("pickled.npy", "whatever".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .zip();

        assertThat(Npz.read(npz, Limits.DEFAULT, "imgs", "gts").names()).containsExactly("imgs");
        assertThatThrownBy(() -> Npz.read(npz, Limits.DEFAULT)).isInstanceOf(InvalidCaseException.class);
    }

    @Test
    void missingArrayIsNamedWithWhatIsThere() {
        byte[] npz = new RawNpz()
                .array("img", "|u1", "(1,)", 1)
                .array("box", "|u1", "(1,)", 1)
                .zip();

        assertThatThrownBy(() -> Npz.read(npz, Limits.DEFAULT, "imgs").get("imgs"))
                .isInstanceOfSatisfying(InvalidCaseException.class, e -> {
                    assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
                    assertThat(e.field()).isEqualTo("imgs");
                })
                .hasMessage("imgs must be an array in the npz, got only img, box");
        assertThat(Npz.read(npz, Limits.DEFAULT).find("imgs")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(2, -2)", "(-4,)"})
    void negativeShapeIsRefused(String shape) {
        byte[] npz = new RawNpz().array("imgs", "|u1", shape, 4).zip();
        assertThatThrownBy(() -> Npz.read(npz, Limits.DEFAULT))
                .hasMessage(
                        "imgs must be an npy array whose header has no negative length in its shape, got another header");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 17, 1000})
    void dataOfAnotherLengthThanTheHeaderSaysIsRefused(int dataBytes) {
        byte[] npz = new RawNpz().array("imgs", "|u1", "(4, 4)", dataBytes).zip();
        assertThatThrownBy(() -> Npz.read(npz, Limits.DEFAULT))
                .isInstanceOfSatisfying(
                        InvalidCaseException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED))
                .hasMessage("imgs must be uint8 (4, 4) with 16 bytes of data, got " + dataBytes + " bytes");
    }

    @Test
    void everyTruncatedNpyIsRefused() {
        byte[] npy = RawNpz.npy("{'descr': '|u1', 'fortran_order': False, 'shape': (4, 4), }", new byte[16]);
        for (int length = 0; length < npy.length; length++) {
            byte[] npz = new RawNpz()
                    .entry("imgs.npy", java.util.Arrays.copyOf(npy, length))
                    .zip();
            assertThatThrownBy(() -> Npz.read(npz, Limits.DEFAULT))
                    .isInstanceOf(InvalidCaseException.class)
                    .hasMessageMatching("imgs must be .+, got .+");
        }
    }

    @Test
    void npyOfAnotherVersionIsRefused() {
        byte[] npy = RawNpz.npy("{'descr': '|u1', 'fortran_order': False, 'shape': (0,), }", new byte[0]);
        npy[6] = 4;
        assertThatThrownBy(() -> Npz.read(new RawNpz().entry("imgs.npy", npy).zip(), Limits.DEFAULT))
                .hasMessage("imgs must be an npy array of version 1.0, 2.0 or 3.0, got version 4.0");
    }

    @Test
    void headerOfFourGigabytesInTwelveBytesIsTooLarge() {
        byte[] npy = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, -1};
        tooLarge(
                new RawNpz().entry("imgs.npy", npy).zip(),
                "imgs must be an npy array with a header of at most 128 bytes, got 4294967295 bytes");
    }

    @Test
    void eachLimitIsALimit() throws IOException {
        tooLarge(
                new RawNpz().array("a", "|u1", "(1001,)", 1001).zip(),
                "a must be at most 1000 bytes, got uint8 (1001,)");
        assertThat(Npz.read(new RawNpz().array("a", "|u1", "(1000,)", 1000).zip(), TIGHT)
                        .names())
                .hasSize(1);
        tooLarge(
                new RawNpz()
                        .array("a", "|u1", "(1000,)", 1000)
                        .array("b", "|u1", "(501,)", 501)
                        .zip(),
                "b must be at most 500 bytes, got uint8 (501,)");
        String padded = "{'descr': '|u1', 'fortran_order': False, 'shape': (0,), }" + " ".repeat(100);
        tooLarge(
                new RawNpz().entry("a.npy", RawNpz.npy(padded, new byte[0])).zip(),
                "a must be an npy array with a header of at most 128 bytes, got 157 bytes");
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 0;
            }
        };
        assertThatThrownBy(() -> Npz.read(endless, TIGHT)).hasMessage("npz must be at most 4096 bytes, got more");
        byte[] exact = new RawNpz().array("a", "|u1", "(4,)", 4).zip();
        Limits asLong = new Limits(exact.length, 8, 128, 1000, 1500, 10);
        assertThat(Npz.read(new ByteArrayInputStream(exact), asLong).names()).hasSize(1);
    }

    @Test
    void limitsHaveToBePositive() {
        assertThatThrownBy(() -> new Limits(1, 1, 1, 1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Limits(1, 1, 1, 1, 1, 65536)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bigEndianArraysOfAnyLengthAreSwapped() {
        for (int length : new int[] {1, 3, 1000, 100_003}) {
            byte[] data = new byte[length * 2];
            for (int i = 0; i < length; i++) {
                data[2 * i] = (byte) (i >> 8);
                data[2 * i + 1] = (byte) i;
            }
            short[] values = Npz.read(
                            new RawNpz()
                                    .array("a", ">u2", "(" + length + ",)", data)
                                    .zip(),
                            Limits.DEFAULT)
                    .get("a")
                    .toUint16();
            for (int i = 0; i < length; i++) assertThat(values[i]).isEqualTo((short) i);
        }
    }
}
