package org.medficientsam.segmenter.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The exported graphs against the original project's: time on one and two threads, share of what the machine's convolutions
 * can do at best, and peak memory of a process that holds the encoder. Not part of the build, as it needs a quiet machine:
 * see models/BENCHMARK.md for how to run it.
 */
class GraphBenchmark {
    private static final long PEAK_PRODUCTS = 4L * 9 * 256 * 256 * 64 * 64; // models/medficientsam_models/benchmark.py
    private static final List<String> FORMS = List.of("plain", "fp32", "int8");

    private final Path folder = Path.of(Objects.requireNonNull(System.getProperty("benchmark"), "-Dbenchmark=FOLDER"));
    private final List<String> table = new ArrayList<>();

    @Test
    void rewrittenAndQuantisedGraphsBeatThePlainOnes() throws Exception {
        List<String> variants;
        try (Stream<Path> bundles = Files.list(folder)) {
            variants = bundles.map(bundle -> bundle.getFileName().toString())
                    .filter(name -> name.endsWith("-plain"))
                    .map(name -> name.substring(0, name.length() - "-plain".length()))
                    .sorted()
                    .toList();
        }
        assertThat(variants).as("VARIANT-plain folders below %s", folder).isNotEmpty();
        double[][] peaks = new double[2][];
        for (int threads = 1; threads <= 2; threads++) {
            double[] times = times(threads, folder.resolve("peak-fp32.onnx"), folder.resolve("peak-int8.onnx"));
            peaks[threads - 1] =
                    new double[] {gigaPerSecond(PEAK_PRODUCTS, times[0]), gigaPerSecond(PEAK_PRODUCTS, times[1])};
            print(
                    "Convolution peak, %d thread%s: fp32 %.0f, int8 %.0f GMAC/s",
                    threads, threads == 1 ? "" : "s", peaks[threads - 1][0], peaks[threads - 1][1]);
        }
        print("");
        print(
                "| graph | 1 thread, ms | of plain | of peak | 2 threads, ms | of plain | of peak | peak RSS, MB | of plain |");
        print("|---|---|---|---|---|---|---|---|---|");
        for (String variant : variants) compare(variant, peaks);
        Files.write(folder.resolve("table.md"), table);
    }

    private void compare(String variant, double[][] peaks) throws Exception {
        Path[] encoders = FORMS.stream()
                .map(form -> folder.resolve(variant + "-" + form).resolve("encoder.onnx"))
                .toArray(Path[]::new);
        Path[] decoders = FORMS.stream()
                .limit(2)
                .map(form -> folder.resolve(variant + "-" + form).resolve("decoder.onnx"))
                .toArray(Path[]::new);
        double[][] encoderTimes = {times(1, encoders), times(2, encoders)};
        double[][] decoderTimes = {times(1, decoders), times(2, decoders)};
        long[] memory = new long[encoders.length];
        for (int i = 0; i < encoders.length; i++) memory[i] = peakRss(encoders[i]);

        long products = products(variant, "encoder");
        for (int i = 0; i < encoders.length; i++)
            print(
                    "| %s encoder, %s |%s%s %.0f | %.2f |",
                    variant,
                    FORMS.get(i),
                    cells(encoderTimes[0], i, products, peaks[0]),
                    cells(encoderTimes[1], i, products, peaks[1]),
                    memory[i] / 1e6,
                    ratio(memory[i], memory[0]));
        for (int i = 0; i < decoders.length; i++)
            print(
                    "| %s decoder per box, %s |%s%s | |",
                    variant,
                    FORMS.get(i),
                    cells(decoderTimes[0], i, products(variant, "decoder"), peaks[0]),
                    cells(decoderTimes[1], i, products(variant, "decoder"), peaks[1]));
        if (variant.equals("l0")) {
            for (int threads = 1; threads <= 2; threads++) {
                double[] encoder = encoderTimes[threads - 1];
                double[] decoder = decoderTimes[threads - 1];
                assertThat(encoder[1] / encoder[0])
                        .as("fp32 of plain, %d threads", threads)
                        .isLessThanOrEqualTo(0.60);
                assertThat(encoder[2] / encoder[0])
                        .as("int8 of plain, %d threads", threads)
                        .isLessThanOrEqualTo(0.28);
                assertThat(decoder[1] / decoder[0])
                        .as("decoder of plain, %d threads", threads)
                        .isLessThanOrEqualTo(0.60);
            }
            assertThat(ratio(memory[2], memory[0]))
                    .as("peak RSS, int8 of plain")
                    .isLessThanOrEqualTo(0.60);
        }
    }

    /** Milliseconds, share of the first, share of the peak; the plain graph's work is counted for all, whatever they save. */
    private static String cells(double[] times, int i, long products, double[] peak) {
        double share = gigaPerSecond(products, times[i]) / (i == 2 ? peak[1] : peak[0]);
        return String.format(Locale.ROOT, " %.1f | %.2f | %.0f %% |", times[i], times[i] / times[0], 100 * share);
    }

    private static double[] times(int threads, Path... graphs) throws OrtException {
        try (GraphTimer timer = new GraphTimer(List.of(graphs), threads)) {
            return timer.medians();
        }
    }

    /** Bytes, of a process of its own that holds nothing but the session. */
    private static long peakRss(Path graph) throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath,
                        GraphTimer.class.getName(),
                        graph.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return Long.parseLong(output.trim());
    }

    private long products(String variant, String part) throws IOException {
        Object manifest = new Load(LoadSettings.builder().build())
                .loadFromString(
                        Files.readString(folder.resolve(variant + "-plain").resolve("manifest.yaml")));
        return ((Number) at(at(at(manifest, "scores"), "products"), part)).longValue();
    }

    private static Object at(Object mapping, String key) {
        return Objects.requireNonNull(((java.util.Map<?, ?>) mapping).get(key), key);
    }

    private static double gigaPerSecond(long products, double milliseconds) {
        return products / milliseconds / 1e6;
    }

    private static double ratio(long part, long whole) {
        return (double) part / whole;
    }

    private void print(String format, Object... arguments) {
        String line = String.format(Locale.ROOT, format, arguments);
        table.add(line);
        System.out.println(line);
    }
}
