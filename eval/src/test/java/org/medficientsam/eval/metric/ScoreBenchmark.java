package org.medficientsam.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.eval.command.EvalCommand;

/**
 * Three organ-like volumes of 31, 52 and 84 million voxels, scored from file to figures, against the seconds that the
 * challenge's own script took on two cores. Speed-up is against CPU seconds, so that it does not depend on what else the
 * machine does. Not part of the build; run it alone:
 *
 * <pre>{@code mvn -pl eval -am test -Dtest=ScoreBenchmark -Dsurefire.failIfNoSpecifiedTests=false}</pre>
 */
class ScoreBenchmark {

    private static final int ROUNDS = 9;
    private static final double LEAST_SPEED_UP = 10;
    /** Half of the 1.44 GB that the script's process came to over the three. */
    private static final long MOST_BYTES = 720_000_000;

    @Test
    void isTenTimesAsFastAsTheScriptInHalfTheMemory(@TempDir Path folder) throws IOException, InterruptedException {
        System.out.println("| Case | Script | Here: wall | CPU | Speed-up | Peak RSS |");
        System.out.println("|---|---|---|---|---|---|");
        ExpectedScores bench = ExpectedScores.BENCH;
        CaseScorer scorer = new CaseScorer(bench.gts(), bench.segs(), MetricProtocol.CVPR24);
        double scriptInAll = 0;
        for (Json expected : bench.cases()) {
            String name = expected.get("file").text();
            double script = expected.get("reference_seconds").number();
            scriptInAll += script;
            print(name, script, medianSeconds(scorer, name, expected), "");
        }
        FreshProcess process = FreshProcess.score(folder.resolve("scores.csv"), bench);
        print(
                "all, by `score` with the start of its JVM",
                scriptInAll,
                process.seconds,
                process.peakBytes / 1_000_000 + " MB");
        assertThat(process.peakBytes).isLessThan(MOST_BYTES);
    }

    private static void print(String what, double script, Seconds here, String memory) {
        System.out.printf(
                "| %s | %.2f s | %.2f s | %.2f s | %.0f x | %s |%n",
                what, script, here.wall, here.cpu, script / here.cpu, memory);
        assertThat(script / here.cpu).as(what).isGreaterThan(LEAST_SPEED_UP);
    }

    /** @param cpu of all threads: on two free cores the wall shows less, on a busy machine more */
    private record Seconds(double wall, double cpu) {}

    private static Seconds medianSeconds(CaseScorer scorer, String name, Json expected) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        double[] wall = new double[ROUNDS];
        double[] cpu = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            long startCpu = system.getProcessCpuTime();
            CaseScores scores = scorer.score(name);
            wall[round] = (System.nanoTime() - start) / 1e9;
            cpu[round] = (system.getProcessCpuTime() - startCpu) / 1e9;
            assertThat(ScoreTable.fourPlaces(scores.dsc())).isEqualTo(rounded(expected, "dsc"));
            assertThat(ScoreTable.fourPlaces(scores.nsd())).isEqualTo(rounded(expected, "nsd"));
        }
        Arrays.sort(wall);
        Arrays.sort(cpu);
        return new Seconds(wall[ROUNDS / 2], cpu[ROUNDS / 2]);
    }

    private static String rounded(Json expected, String figure) {
        return Double.toString(expected.get(figure + "_rounded").number());
    }

    /** The command as a user types it, with the heap that the JVM takes by default. */
    private record FreshProcess(Seconds seconds, long peakBytes) {

        static FreshProcess score(Path out, ExpectedScores bench) throws IOException, InterruptedException {
            List<String> command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    EvalCommand.class.getName(),
                    "score",
                    "--gts=" + bench.gts(),
                    "--segs=" + bench.segs(),
                    "--out=" + out);
            long start = System.nanoTime();
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            long peak = 0;
            Duration cpu = Duration.ZERO;
            while (process.isAlive()) {
                cpu = process.info().totalCpuDuration().orElse(cpu);
                peak = Math.max(peak, peakBytes(process.pid()));
                Thread.sleep(5);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            assertThat(process.waitFor()).isZero();
            List<String> rows = bench.cases().stream()
                    .map(expected -> String.join(
                            ",", expected.get("file").text(), rounded(expected, "dsc"), rounded(expected, "nsd")))
                    .toList();
            assertThat(Files.readAllLines(out)).startsWith("case,dsc,nsd").endsWith(rows.toArray(String[]::new));
            return new FreshProcess(new Seconds(seconds, cpu.toMillis() / 1e3), peak);
        }

        /** VmHWM never falls, so the last reading before the end is the peak. */
        private static long peakBytes(long pid) throws IOException {
            try (Stream<String> status = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
                return status.filter(line -> line.startsWith("VmHWM:"))
                        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElse(0);
            } catch (NoSuchFileException e) {
                return 0; // ended just now
            }
        }
    }
}
