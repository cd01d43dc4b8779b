package org.medficientsam.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three organ-like volumes of 31, 52 and 84 million voxels, scored from file to figures, against the seconds that the
 * challenge's own script took on two cores. Not part of the build, as it times the machine; run it alone:
 *
 * <pre>{@code mvn -pl eval -am test -Dtest=ScoreBenchmark -Dsurefire.failIfNoSpecifiedTests=false}</pre>
 */
class ScoreBenchmark {

    private static final int ROUNDS = 5;
    private static final double LEAST_SPEED_UP = 10;
    /** Half of the 1.44 GB that the script's process came to over the three. */
    private static final long MOST_BYTES = 720_000_000;

    @Test
    void isTenTimesAsFastAsTheScriptInHalfTheMemory(@TempDir Path folder) throws Exception {
        System.out.printf(
                "| Case | Script | Here, median of %d | Speed-up | `score`, fresh process | Peak RSS |%n", ROUNDS);
        System.out.println("|---|---|---|---|---|---|");
        ExpectedScores bench = ExpectedScores.BENCH;
        CaseScorer scorer = new CaseScorer(bench.gts(), bench.segs(), MetricProtocol.CVPR24);
        for (Json expected : bench.cases()) {
            String name = expected.get("file").text();
            double script = expected.get("reference_seconds").number();
            double here = medianSeconds(scorer, name, expected);
            FreshProcess process = FreshProcess.score(folder, bench, name, expected);
            System.out.printf(
                    "| %s | %.2f s | %.3f s | %.0f x | %.2f s | %d MB |%n",
                    name, script, here, script / here, process.seconds, process.peakBytes / 1_000_000);
            assertThat(script / here).isGreaterThan(LEAST_SPEED_UP);
            assertThat(script / process.seconds).isGreaterThan(LEAST_SPEED_UP);
            assertThat(process.peakBytes).isLessThan(MOST_BYTES);
        }
    }

    private static double medianSeconds(CaseScorer scorer, String name, Json expected) {
        double[] seconds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            CaseScores scores = scorer.score(name);
            seconds[round] = (System.nanoTime() - start) / 1e9;
            assertThat(ScoreTable.fourPlaces(scores.dsc())).isEqualTo(rounded(expected, "dsc"));
            assertThat(ScoreTable.fourPlaces(scores.nsd())).isEqualTo(rounded(expected, "nsd"));
        }
        Arrays.sort(seconds);
        return seconds[ROUNDS / 2];
    }

    private static String rounded(Json expected, String figure) {
        return Double.toString(expected.get(figure + "_rounded").number());
    }

    /** The command on a folder of one case, start of the JVM included, with the heap it takes by default. */
    private record FreshProcess(double seconds, long peakBytes) {

        static FreshProcess score(Path folder, ExpectedScores bench, String name, Json expected) throws Exception {
            Path gts = Files.createDirectories(folder.resolve(name));
            Files.copy(bench.gts().resolve(name), gts.resolve(name));
            Path out = folder.resolve(name + ".csv");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    EvalCommand.class.getName(),
                    "score"));
            Stream.of("--gts=" + gts, "--segs=" + bench.segs(), "--out=" + out).forEach(command::add);
            long start = System.nanoTime();
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            long peak = 0;
            while (process.isAlive()) {
                peak = Math.max(peak, peakBytes(process.pid()));
                Thread.sleep(5);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            assertThat(process.waitFor()).isZero();
            assertThat(Files.readAllLines(out))
                    .containsExactly(
                            "case,dsc,nsd", name + "," + rounded(expected, "dsc") + "," + rounded(expected, "nsd"));
            return new FreshProcess(seconds, peak);
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
