package org.medficientsam.eval.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.eval.EllipseFunction;
import org.medficientsam.eval.SmallDataset;
import org.medficientsam.eval.SplitRandom;
import org.medficientsam.eval.report.MarkdownWriter;
import org.medficientsam.eval.report.Report;
import org.medficientsam.eval.report.table.ScoredRun;
import org.medficientsam.eval.run.RunFolder;
import org.medficientsam.eval.target.ServedProcess;

/** Kill -9 at random moments, harness and function as processes of their own. */
class HarnessKillTest {

    private static final int HARNESS_KILLS = 10;
    private static final int FUNCTION_KILLS = 3;
    private static final long SEED = 20241;

    @TempDir
    private Path temp = Path.of("");

    private final SplitRandom random = new SplitRandom(SEED);

    @Test
    void reportAfterKillsIsTheReportOfAnUndisturbedRun() throws IOException, InterruptedException {
        Path data = new SmallDataset(temp.resolve("data"))
                .images(90)
                .damaged("2D_US_torn.npz", (byte) 1)
                .folder();
        int port = freePort();
        Process function = serve(port);
        try {
            Path calm = temp.resolve("calm");
            Process undisturbed = harness(port, data, calm);
            assertThat(undisturbed.waitFor(360, TimeUnit.SECONDS)).isTrue();
            assertEquals(1, undisturbed.exitValue(), () -> log(calm)); // the torn case failed

            Path hunted = temp.resolve("hunted");
            Process harness = harness(port, data, hunted);
            Map<String, String> done = new TreeMap<>();
            for (int kill = 0; kill < HARNESS_KILLS; kill++) {
                // By its progress, not by the clock: a fast machine would be done before the last kill. No further row
                // means a kill while it starts.
                awaitRows(hunted, done.size() + random.integer(0, 5), harness);
                harness.waitFor(random.integer(0, 30), TimeUnit.MILLISECONDS);
                assertThat(harness.isAlive())
                        .as("kill %d hits a running harness", kill)
                        .isTrue();
                if (kill % (HARNESS_KILLS / FUNCTION_KILLS) == 1) {
                    function.destroyForcibly().waitFor();
                    function = serve(port);
                }
                harness.destroyForcibly().waitFor();
                Map<String, String> rows = completeRows(hunted);
                assertThat(rows)
                        .as("rows survive, as they were (seed %d, kill %d)", SEED, kill)
                        .containsAllEntriesOf(done);
                done = rows;
                harness = harness(port, data, hunted);
            }
            assertThat(harness.waitFor(360, TimeUnit.SECONDS)).isTrue();
            assertEquals(1, harness.exitValue(), () -> log(hunted));
            assertThat(completeRows(hunted)).containsAllEntriesOf(done);

            assertEquals(withoutTimes(calm), withoutTimes(hunted));
            assertEquals(Files.readString(calm.resolve("scores.csv")), Files.readString(hunted.resolve("scores.csv")));
            assertEquals(Files.readString(calm.resolve("labels.csv")), Files.readString(hunted.resolve("labels.csv")));
            assertEquals(names(calm.resolve("segs")), names(hunted.resolve("segs")));
            for (String name : names(calm.resolve("segs"))) {
                assertThat(hunted.resolve("segs").resolve(name))
                        .hasSameBinaryContentAs(calm.resolve("segs").resolve(name));
            }
            assertEquals(tables(calm), tables(hunted));
        } finally {
            function.destroyForcibly();
        }
    }

    @Test
    void whileOneIsAtWorkAnotherIsRefusedAndDisturbsNothing() throws IOException, InterruptedException {
        Path data = new SmallDataset(temp.resolve("data")).images(60).folder();
        int port = freePort();
        Process function = serve(port);
        Path run = temp.resolve("run");
        Process first = harness(port, data, run);
        try {
            awaitRows(run, 3, first);
            EvalConsole console = new EvalConsole();
            assertEquals(1, console.run("http://127.0.0.1:" + port, data, run, "--fresh"), console.err::toString);
            assertThat(first.isAlive()).isTrue();
            assertThat(console.err.toString()).contains("error: another harness is at work in " + run);
            assertThat(first.waitFor(360, TimeUnit.SECONDS)).isTrue();
            assertEquals(0, first.exitValue(), () -> log(run));
            assertThat(completeRows(run)).hasSize(60);
        } finally {
            first.destroyForcibly();
            function.destroyForcibly();
        }
    }

    private static void awaitRows(Path run, int rows, Process harness) throws IOException, InterruptedException {
        long patience = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (completeRows(run).size() < rows && harness.isAlive() && System.nanoTime() < patience) {
            Thread.sleep(5);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Process serve(int port) throws IOException {
        ProcessBuilder builder = java(EllipseFunction.class);
        builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
        builder.environment().put("ELLIPSE_DELAY_MS", "25");
        return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    private Process harness(int port, Path data, Path run) throws IOException {
        File log = run.resolveSibling(run.getFileName() + ".log").toFile();
        return java(
                        EvalCommand.class,
                        "run",
                        "--dataset",
                        "path:" + data,
                        "--target",
                        "http://127.0.0.1:" + port,
                        "--parallel",
                        "2",
                        "--out",
                        run.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    private static ProcessBuilder java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                ServedProcess.java(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    private static String log(Path run) {
        try {
            return Files.readString(run.resolveSibling(run.getFileName() + ".log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Case to row, of whole lines only. */
    private static Map<String, String> completeRows(Path run) throws IOException {
        Map<String, String> rows = new TreeMap<>();
        if (Files.exists(run.resolve("cases.csv"))) {
            String text = Files.readString(run.resolve("cases.csv"));
            text.substring(0, text.lastIndexOf('\n') + 1).lines().skip(1).forEach(line -> assertThat(
                            rows.put(line.split(",")[0], line))
                    .as("twice: " + line)
                    .isNull());
        }
        return rows;
    }

    private static List<String> withoutTimes(Path run) throws IOException {
        return new RunFolder(run)
                .readRows().values().stream()
                        .map(row -> "%s %s %s %s %s %d %d %s"
                                .formatted(
                                        row.name(),
                                        row.modality(),
                                        row.dims(),
                                        row.ok(),
                                        row.measures(),
                                        row.bytesIn(),
                                        row.bytesOut(),
                                        row.error()))
                        .toList();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String tables(Path run) throws IOException {
        Report report = new Report(ScoredRun.read(List.of(run)));
        return MarkdownWriter.table(report.modalities()) + report.summary();
    }
}
