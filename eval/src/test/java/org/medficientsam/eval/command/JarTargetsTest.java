package org.medficientsam.eval.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.eval.EllipseFunction;
import org.medficientsam.eval.SmallDataset;
import org.medficientsam.eval.run.CaseRow;
import org.medficientsam.eval.run.RunFolder;
import org.medficientsam.eval.target.ServedProcess;

/** {@code cold:JAR} and {@code warm:JAR} with a jar that starts like the function's. */
@EnabledOnOs(OS.LINUX)
class JarTargetsTest {

    @TempDir
    private Path temp = Path.of("");

    private final EvalConsole console = new EvalConsole();

    private Path jar() throws IOException {
        return jar(EllipseFunction.class);
    }

    private Path jar(Class<?> main) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main.getName());
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                                .map(entry -> Path.of(entry).toUri().toString())
                                .collect(Collectors.joining(" ")));
        Path jar = temp.resolve("ellipse.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    private int run(String target, Path dataset, Path run, String... more) {
        return console.run(target, dataset, run, more);
    }

    /** A function whose bundles are missing: says so and ends. */
    static final class WithoutBundles {
        public static void main(String[] arguments) {
            System.err.println("starting");
            System.err.println("no bundle in models/bundles: set MEDFICIENTSAM_BUNDLES");
            System.exit(3);
        }
    }

    @Test
    void aProcessThatEndsBeforeItIsReadyIsNotWaitedForAndSaysWhy() throws IOException {
        Path dataset = new SmallDataset(temp.resolve("data")).images(2).folder();
        long start = System.nanoTime();
        assertEquals(2, run("warm:" + jar(WithoutBundles.class), dataset, temp.resolve("run")));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
        assertThat(console.err.toString())
                .contains("the function ended with status 3 before it was ready")
                .contains("no bundle in models/bundles: set MEDFICIENTSAM_BUNDLES");
        assertThat(temp.resolve("run/cases.csv")).doesNotExist();
    }

    @Test
    void coldRunSendsNothingIfTheModelIsUnknown() throws IOException {
        Path dataset = new SmallDataset(temp.resolve("data")).images(3).folder();
        assertEquals(2, run("cold:" + jar(), dataset, temp.resolve("run"), "--model", "missing"));
        assertThat(console.err.toString())
                .contains("nothing was run: asked for model missing")
                .contains("exit status 1: no bundle missing");
        assertThat(temp.resolve("run/cases.csv")).doesNotExist();
    }

    @Test
    void coldRunTimesAndWeighsAFreshProcessPerCase() throws IOException {
        Path dataset = new SmallDataset(temp.resolve("data"))
                .images(2)
                .damaged("2D_US_torn.npz", (byte) 1)
                .folder();
        assertEquals(1, run("cold:" + jar(), dataset, temp.resolve("run")), console.err::toString);
        List<CaseRow> rows =
                List.copyOf(new RunFolder(temp.resolve("run")).readRows().values());
        assertThat(rows).extracting(CaseRow::ok).containsExactly(true, false, true);
        assertThat(rows.get(1).error()).startsWith("exit status 1: npz must be");
        assertThat(rows.get(0).seconds()).isBetween(0.05, 60.0);
        assertThat(rows.get(0).measures().peakRssBytes().orElseThrow())
                .as("bytes of a small Java process")
                .isBetween(20_000_000L, 1_000_000_000L);
        assertThat(new RunFolder(temp.resolve("run")).readInfo().peakRss()).contains("VmHWM");
    }

    @Test
    void warmRunStartsItsFunctionAgainWhenItIsKilledAndStopsItAtTheEnd() throws Exception {
        Path dataset = new SmallDataset(temp.resolve("data")).images(150).folder();
        Path run = temp.resolve("run");
        String target = "warm:" + jar();
        var harness = Executors.newSingleThreadExecutor();
        try {
            Callable<Integer> work = () -> run(target, dataset, run);
            var status = harness.submit(work);
            for (int kill = 1; kill <= 3; kill++) {
                int rowsWanted = 20 * kill;
                await(() -> rows(run) >= rowsWanted);
                ProcessHandle function = ProcessHandle.of(pid(run)).orElseThrow();
                function.destroyForcibly();
                function.onExit().get(60, TimeUnit.SECONDS);
            }
            assertEquals(0, status.get(300, TimeUnit.SECONDS), console.err::toString);
        } finally {
            harness.shutdownNow();
        }
        assertThat(new RunFolder(run).readRows().values()).hasSize(150).allMatch(CaseRow::ok);
        assertThat(new RunFolder(run).readRows().values()).anyMatch(row -> row.attempts() > 1);
        assertThat(ProcessHandle.current().descendants())
                .as("functions left behind")
                .isEmpty();
    }

    @Test
    void functionLeftBehindByAKilledHarnessIsEndedBeforeTheNextStarts() throws Exception {
        Path work = Files.createDirectories(temp.resolve("work"));
        ServedProcess abandoned = new ServedProcess(jar(), 0, work);
        abandoned.start();
        ProcessHandle left = ProcessHandle.of(Long.parseLong(
                        Files.readString(work.resolve("function.pid")).split(" ")[0]))
                .orElseThrow();
        ServedProcess next = new ServedProcess(jar(), 0, work);
        next.start();
        try {
            assertThat(left.isAlive()).isFalse();
            assertThat(next.isAlive()).isTrue();
        } finally {
            next.stop();
        }
        assertThat(work.resolve("function.pid")).doesNotExist();
    }

    private static long rows(Path run) throws IOException {
        return Files.exists(run.resolve("cases.csv"))
                ? Files.readString(run.resolve("cases.csv")).lines().count() - 1
                : 0;
    }

    private static long pid(Path run) throws IOException {
        return Long.parseLong(Files.readString(run.resolve("work/function.pid")).split(" ")[0]);
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("waited three minutes").isLessThan(deadline);
            Thread.sleep(10);
        }
    }
}
