package org.medficientsam.segmenter.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.segmenter.Scenes;

/** The command in a process of its own, and real signals while ONNX Runtime is at work. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class EndOnSignalTest {
    private static final String HOOK = "a shutdown hook ran";

    /** The command, and a hook beside ONNX Runtime's that tells whether that ran too. */
    public static void main(String[] arguments) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.err.println(HOOK)));
        SegmentCommand.main(arguments);
    }

    @ParameterizedTest
    @CsvSource({"INT, 1, 130", "INT, 4, 130", "TERM, 2, 143", "HUP, 3, 129"})
    void aSignalEndsTheCommandWithoutACrashAndWithoutHalfAFile(
            String signal, int slices, int status, @TempDir Path folder) throws Exception {
        // Under nohup or a shell's & it is ignored, which children inherit, and the command goes on.
        boolean ignored = ignored(status - 128);
        Path crash = folder.resolve("crash.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:ErrorFile=" + crash,
                        "-Dmedficientsam.root=" + Scenes.ROOT,
                        "-cp",
                        System.getProperty("java.class.path"),
                        EndOnSignalTest.class.getName(),
                        "segment",
                        volume(folder.resolve("volume.npz")).toString(),
                        "-o",
                        folder.resolve("out").resolve("segs.npz").toString(),
                        "--models",
                        Scenes.ROOT.resolve("models/bundles").toString())
                .redirectErrorStream(true)
                .start();
        StringBuilder printed = new StringBuilder();
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
                Scanner words = new Scanner(reader)) {
            awaitSlices(words, slices, printed);
            assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();
            while (words.hasNext()) printed.append(words.next()).append(' ');
        }

        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(printed.toString()).isEqualTo(ignored ? 0 : status);
        assertThat(crash).doesNotExist();
        if (ignored) {
            assertThat(files(folder)).containsExactlyInAnyOrder("volume.npz", "segs.npz");
        } else {
            // Not "onnxruntime" alone: JDK 24 and later warn of native code by that name.
            assertThat(printed).doesNotContain(HOOK, "libonnxruntime", ":onnxruntime:");
            assertThat(files(folder)).containsExactly("volume.npz");
        }
    }

    /** Whether this process was started with the signal ignored, as far as the system tells: Linux does. */
    private static boolean ignored(int signal) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) return false;
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .anyMatch(mask -> (mask >>> (signal - 1) & 1) == 1);
        }
    }

    /** Reads the progress bar, "... 3/200 slices ...", to where it says so many. */
    private static void awaitSlices(Scanner words, int slices, StringBuilder printed) {
        while (words.hasNext()) {
            String word = words.next();
            printed.append(word).append(' ');
            if (word.matches("\\d+/\\d+") && Integer.parseInt(word.substring(0, word.indexOf('/'))) >= slices) return;
        }
        throw new AssertionError("ended by itself: " + printed);
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    /** Enough slices that no machine is done before the signal. */
    private static Path volume(Path file) throws IOException {
        ImageArray image = Scenes.balls(150, 96, 96, 1, 48, 48, 75, 40).image();
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("imgs", NpyArray.of(image.data(), 150, 96, 96));
        arrays.put("boxes", NpyArray.of(new double[] {8, 8, 5, 88, 88, 145}, 1, 6));
        Npz.write(file, arrays);
        return file;
    }
}
