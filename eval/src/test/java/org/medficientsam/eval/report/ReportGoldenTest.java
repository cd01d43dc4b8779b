package org.medficientsam.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.eval.Csv;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.metric.Metric;
import org.medficientsam.eval.metric.ScoreTable;
import org.medficientsam.eval.report.table.ScoredRun;
import org.medficientsam.eval.run.CaseRow;
import org.medficientsam.eval.run.Machine;
import org.medficientsam.eval.run.RunFolder;
import org.medficientsam.eval.run.RunInfo;
import org.medficientsam.eval.target.ModelInfo;

/** A report on two runs of made-up scores, to the character. */
class ReportGoldenTest {

    @TempDir
    private Path temp = Path.of("");

    /** Case, DSC and NSD of the first run; the second scores 0.1 less on every image and the same on volumes. */
    private static final String[][] SCORES = {
        {"2D_Dermoscopy_1.npz", "0.9", "0.95"},
        {"2D_Endoscopy_1.npz", "0.9", "0.95"},
        {"2D_Fundus_1.npz", "", "0.0"},
        {"2D_Fundus_2.npz", "0.7", "0.8"},
        {"2D_Microscopy_1.npz", "0.6", "0.75"},
        {"2D_OCT_1.npz", "0.5", "0.5"},
        {"2D_US_1.npz", "0.8", "0.9"},
        {"2D_US_2.npz", "0.9", "0.9"},
        {"2D_US_3.npz", "0.0", "0.0"},
        {"2D_X-Ray_1.npz", "0.8125", "0.7"},
        {"3D_CT_1.npz", "0.75", "0.85"},
        {"3D_CT_2.npz", "0.85", "0.95"},
        {"3D_MR_1.npz", "0.5", "0.25"},
        {"3D_PET_1.npz", "1.0", "1.0"}
    };

    private Path run(String name, String kind, double imagesScoreLess) throws IOException {
        RunFolder folder = new RunFolder(temp.resolve(name));
        folder.writeInfo(new RunInfo(
                null,
                new RunInfo.DatasetInfo("made-up", "nowhere", null, null, Map.of("CT", 2), "c0ffee", null),
                kind + ":function.jar",
                new ModelInfo("nano", "0123456789abcdef0123", "fp32", 256, 3_443_210L, 1_589_000_000L, "steady"),
                null,
                1,
                900,
                "peak resident set of one fresh process per case",
                new Machine("Some CPU", 2, 16_000_000_000L, "Linux 6"),
                "Some VM 17",
                "1.0",
                "0123456789ab",
                List.of("run"),
                "2026-01-02T03:04:05Z",
                "2026-01-02T03:14:05Z"));
        StringBuilder cases = new StringBuilder(Csv.line(CaseRow.COLUMNS));
        StringBuilder scores = new StringBuilder("case,dsc,nsd\n");
        for (String[] score : SCORES) {
            boolean failed = score[0].equals("2D_US_3.npz");
            boolean image = score[0].startsWith("2D");
            cases.append("%s,%s,%s,%s,%s,1,,,,,,,,,%s,100,%s,%s\n"
                    .formatted(
                            score[0],
                            Modality.ofCase(score[0]),
                            image ? "9x9" : "3x9x9",
                            failed ? "failed" : "ok",
                            image ? "0.5" : "4.25",
                            failed ? "" : image ? "150000000" : "250000000",
                            failed ? "0" : "50",
                            failed ? "500 Internal error" : ""));
            double less = image && !failed && !score[1].isEmpty() ? imagesScoreLess : 0;
            scores.append("%s,%s,%s\n".formatted(score[0], minus(score[1], less), minus(score[2], less)));
        }
        Files.writeString(folder.cases(), cases);
        Files.writeString(folder.scores(), scores);
        return folder.path();
    }

    private static String minus(String cell, double less) {
        return cell.isEmpty() ? "" : ScoreTable.fourPlaces(Double.parseDouble(cell) - less);
    }

    @Test
    void markdownIsExactlyTheGoldenFile() throws IOException {
        List<ScoredRun> runs = ScoredRun.read(List.of(run("first", "cold", 0), run("second", "warm", 0.1)));
        String markdown = MarkdownWriter.write(new Report(runs).blocks(List.of()));
        assertEquals(golden(), markdown);
    }

    private static String golden() throws IOException {
        try (InputStream file = ReportGoldenTest.class.getResourceAsStream("report.golden.md")) {
            return file == null ? "" : new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void htmlAsksTheNetworkForNothing() throws IOException {
        List<ScoredRun> runs = ScoredRun.read(List.of(run("first", "cold", 0)));
        new Report(runs).write(temp.resolve("report"));
        String html = Files.readString(temp.resolve("report/report.html"));
        Matcher addresses = Pattern.compile("(?:src|href|srcset|data|action)=\"([^\"]*)\"|url\\(([^)]*)\\)|@import")
                .matcher(html);
        int found = 0;
        while (addresses.find()) {
            assertThat(addresses.group(1)).startsWith("data:");
            found++;
        }
        assertThat(found).as("pictures and icon").isGreaterThan(3);
        assertThat(html)
                .doesNotContain("<script src", "http-equiv", "fetch(", "XMLHttpRequest")
                .contains("<small>", "aria-sort", "<details>");
        assertThat(temp.resolve("report/methods.csv")).content().contains("\nnano,256,3.44M,1.59G,");
        assertThat(temp.resolve("report/modalities.csv")).content().contains("\nAverage,nano,DSC,");
        assertThat(temp.resolve("report/plots/memory.svg")).content().startsWith("<svg");
    }

    @Test
    void timesMayBeThoseOfAColdRunOfTheSameBundle() throws IOException {
        List<ScoredRun> warm = ScoredRun.read(List.of(run("warm", "warm", 0)));
        Path cold = run("cold", "cold", 0.1);
        new Report(ScoredRun.timed(warm, ScoredRun.read(List.of(cold)))).write(temp.resolve("report"));

        assertThat(temp.resolve("report/methods.csv")).content().contains(",75.32,72.22,0.5s,4.3s,150MB,250MB");
        assertThat(temp.resolve("report/report.md"))
                .content()
                .contains("cold, 9 images, 4 volumes; Some CPU, 2 cores")
                .doesNotContain("cold, minus");

        Path info = cold.resolve("run.json");
        Files.writeString(info, Files.readString(info).replace("0123456789abcdef0123", "ffff"));
        List<ScoredRun> other = ScoredRun.read(List.of(cold));
        assertThatThrownBy(() -> ScoredRun.timed(warm, other))
                .hasMessageContaining("must be of the bundle and rules of one of the runs, got nano fp32, sha256 ffff");
    }

    @Test
    void modalityIsTheDataSetsWhereItKnowsBetterThanTheName() throws IOException {
        Path run = run("first", "cold", 0);
        for (String file : List.of("cases.csv", "scores.csv")) {
            Path csv = run.resolve(file);
            Files.writeString(
                    csv,
                    Files.readString(csv)
                            .replace("2D_OCT_1.npz,OCT", "7.npz,MRI")
                            .replace("2D_OCT_1", "7"));
        }
        ScoredRun read = ScoredRun.read(List.of(run)).get(0);
        assertEquals(2, read.means(Metric.DSC).count(Modality.MR));
        assertEquals(0.5, read.means(Metric.DSC).mean(Modality.MR));
    }

    @Test
    void namesAreShownNotInterpreted() throws IOException {
        Path run = run("first", "cold", 0);
        Files.writeString(
                run.resolve("cases.csv"),
                Files.readString(run.resolve("cases.csv")).replace("500 Internal error", "<b>& | more"));
        Report report = new Report(ScoredRun.read(List.of(run)));
        assertThat(HtmlWriter.write("t", report.blocks(List.of())))
                .contains("&lt;b&gt;&amp; | more")
                .doesNotContain("<b>");
    }
}
