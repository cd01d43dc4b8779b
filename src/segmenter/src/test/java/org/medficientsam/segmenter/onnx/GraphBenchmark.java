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
import java.util.Map;
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
    private static final String SUFFIX = "-plain";
    private static final List<String> FORMS = List.of("plain", "fp32", "int8");

    private final Path folder = Path.of(Objects.requireNonNull(System.getProperty("benchmark"), "-Dbenchmark=FOLDER"));
    private final List<String> table = new ArrayList<>();

    @Test
    void rewrittenAndQuantisedGraphsBeatThePlainOnes() throws Exception {
        List<String> variants;
        try (Stream<Path> bundles = Files.list(folder)) {
            variants = bundles.map(bundle -> String.valueOf(bundle.getFileName()))
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        }
        assertThat(variants).as("VARIANT-plain folders below the benchmark's").isNotEmpty();
        print(
                "| graph | 1 thread, ms | of plain | of peak | 2 threads, ms | of plain | of peak | peak RSS, MB | of plain |");
        print("|---|---|---|---|---|---|---|---|---|");
        for (String variant : variants) compare(variant);
        Files.write(folder.resolve("table.md"), table);
    }

    private void compare(String variant) throws Exception {
        List<Path> encoders = graphs(variant, "encoder.onnx", FORMS);
        List<Path> decoders = graphs(variant, "decoder.onnx", FORMS.subList(0, 2));
        Turns[] encoder = {turns(1, encoders), turns(2, encoders)};
        Turns[] decoder = {turns(1, decoders), turns(2, decoders)};
        long[] memory = new long[encoders.size()];
        for (int i = 0; i < memory.length; i++) memory[i] = peakRss(encoders.get(i));

        long products = products(variant, "encoder");
        for (int i = 0; i < memory.length; i++) {
            String times = encoder[0].cells(i, products) + encoder[1].cells(i, products);
            double ofPlain = (double) memory[i] / memory[0];
            print("| %s encoder, %s |%s %.0f | %.2f |", variant, FORMS.get(i), times, memory[i] / 1e6, ofPlain);
        }
        products = products(variant, "decoder");
        for (int i = 0; i < decoders.size(); i++) {
            String times = decoder[0].cells(i, products) + decoder[1].cells(i, products);
            print("| %s decoder per box, %s |%s | |", variant, FORMS.get(i), times);
        }
        print("| %s, peak meanwhile | %s | | | %s | | | | |", variant, encoder[0].peaks(), encoder[1].peaks());
        if (!variant.equals("l0")) return;
        for (int i = 0; i < 2; i++) {
            String on = " of plain, %d thread(s)".formatted(i + 1);
            assertThat(encoder[i].ofPlain(1)).as("fp32 encoder" + on).isLessThanOrEqualTo(0.60);
            assertThat(encoder[i].ofPlain(2)).as("int8 encoder" + on).isLessThanOrEqualTo(0.28);
            assertThat(decoder[i].ofPlain(1)).as("decoder" + on).isLessThanOrEqualTo(0.60);
        }
        assertThat((double) memory[2] / memory[0]).as("peak RSS, int8 of plain").isLessThanOrEqualTo(0.60);
    }

    private List<Path> graphs(String variant, String file, List<String> forms) {
        return forms.stream()
                .map(form -> folder.resolve(variant + "-" + form).resolve(file))
                .toList();
    }

    /** The graphs, plain first, in turns with the two convolution peaks: a busy machine slows all of them down alike. */
    private Turns turns(int threads, List<Path> graphs) throws OrtException {
        List<Path> all = new ArrayList<>(graphs);
        all.add(folder.resolve("peak-fp32.onnx"));
        all.add(folder.resolve("peak-int8.onnx"));
        try (GraphTimer timer = new GraphTimer(all, threads)) {
            return new Turns(timer.medians());
        }
    }

    /** Milliseconds of some graphs, plain first, then of the fp32 and the int8 peak. */
    private static final class Turns {
        private final double[] milliseconds;

        Turns(double[] milliseconds) {
            this.milliseconds = milliseconds;
        }

        double ofPlain(int i) {
            return milliseconds[i] / milliseconds[0];
        }

        /** GMAC/s. */
        double peak(boolean int8) {
            return gigaPerSecond(PEAK_PRODUCTS, milliseconds[milliseconds.length - (int8 ? 1 : 2)]);
        }

        String peaks() {
            return String.format(Locale.ROOT, "fp32 %.0f, int8 %.0f GMAC/s", peak(false), peak(true));
        }

        /** Milliseconds, share of plain, share of peak. Every form counts as much work as plain does, whatever it saves. */
        String cells(int i, long products) {
            double share =
                    gigaPerSecond(products, milliseconds[i]) / peak(FORMS.get(i).equals("int8"));
            return String.format(Locale.ROOT, " %.1f | %.2f | %.0f %% |", milliseconds[i], ofPlain(i), 100 * share);
        }
    }

    /** Bytes, of a process of its own that holds nothing but the session. */
    private static long peakRss(Path graph) throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java,
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
        Path manifest = folder.resolve(variant + SUFFIX).resolve("manifest.yaml");
        Object root = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(manifest));
        return ((Number) at(at(at(root, "scores"), "products"), part)).longValue();
    }

    private static Object at(Object mapping, String key) {
        return Objects.requireNonNull(((Map<?, ?>) mapping).get(key), key);
    }

    private static double gigaPerSecond(long products, double milliseconds) {
        return products / milliseconds / 1e6;
    }

    private void print(String format, Object... arguments) {
        String line = arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments);
        table.add(line);
        System.out.println(line);
    }
}
