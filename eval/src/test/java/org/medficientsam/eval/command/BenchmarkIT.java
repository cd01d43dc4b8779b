package org.medficientsam.eval.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.metric.Metric;
import org.medficientsam.eval.report.table.ScoredRun;
import org.medficientsam.eval.target.ServedProcess;

/** The packaged harness measures the packaged function with the bundle in the repository, as the README's first command does. */
class BenchmarkIT {

    private static final Path ROOT = Path.of(System.getProperty("medficientsam.root", ".."));

    @TempDir
    private Path temp = Path.of("");

    @Test
    void smallBenchmarkEndsWithBothTablesAndAReportThatHoldsThem() throws IOException, InterruptedException {
        Path catalogue = Files.writeString(
                temp.resolve("datasets.yaml"),
                "datasets:\n  phantoms: {title: Phantoms, layout: generated, licence: Apache-2.0, casesPerModality: 1}\n");
        Path out = temp.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(
                ServedProcess.java(),
                "-jar",
                "eval/target/medficientsam-eval.jar",
                "benchmark",
                "--catalogue",
                catalogue.toString(),
                "--out",
                out.toString());
        Process benchmark =
                builder.directory(ROOT.toFile()).redirectErrorStream(true).start();
        String printed = new String(benchmark.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, benchmark.waitFor(), printed);

        String model = System.getProperty("shipped.bundle");
        String report = Files.readString(out.resolve("report/report.md"));
        assertThat(report)
                .contains(
                        "| Method ",
                        "| MedficientSAM-L1 † |",
                        "| %s, cold ".formatted(model),
                        "| %s, warm ".formatted(model));
        for (String text : List.of(printed, report)) {
            assertThat(text)
                    .contains("| Target ", "| Average ", "DSC %s, cold".formatted(model))
                    .contains("DSC, %1$s, cold against %1$s, warm: every case scores the same.".formatted(model))
                    .doesNotContain("| Average    |                –");
        }
        assertThat(printed).contains("report: " + out.resolve("report/report.html"));
        assertThat(out.resolve("report/report.html")).isNotEmptyFile();

        List<ScoredRun> runs = ScoredRun.read(List.of(out.resolve("cold"), out.resolve("warm")));
        assertThat(runs).allSatisfy(run -> {
            assertThat(run.failures()).isEmpty();
            assertThat(run.dsc()).hasSize(Modality.CHALLENGE.size());
            assertThat(run.means(Metric.DSC).average())
                    .as("a trained bundle on phantoms")
                    .isGreaterThan(0.7);
        });
        assertThat(runs.get(1).rows().values())
                .allSatisfy(
                        row -> assertThat(row.measures().stagesMs()).containsKeys("read", "encode", "decode", "write"));
        assertThat(runs.get(0).info().model()).isEqualTo(runs.get(1).info().model());
        for (String name : runs.get(0).rows().keySet()) {
            assertThat(out.resolve("cold/segs").resolve(name))
                    .hasSameBinaryContentAs(out.resolve("warm/segs").resolve(name));
        }
    }
}
