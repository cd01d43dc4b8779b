package org.medficientsam.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.medficientsam.eval.command.EvalCommand;

/** Against what the challenge's own script computes. */
class ChallengeScoresGoldenTest {

    /** NumPy adds areas up in another order: about 1e-15 apart, relative to the area. */
    private static final double FULL_PRECISION = 1e-12;

    static Stream<Arguments> cases() {
        return Stream.of(ExpectedScores.GOLDEN, ExpectedScores.BENCH).flatMap(set -> set.cases().stream()
                .map(wanted -> Arguments.of(wanted.get("file").text(), set, wanted)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void caseAndLabelsAgreeInFullPrecision(String name, ExpectedScores set, Json expected) {
        CaseScores scores = new CaseScorer(set.gts(), set.segs(), MetricProtocol.CVPR24).score(name);

        assertSame(scores.dsc(), expected.get("dsc").number(), "dsc");
        assertSame(scores.nsd(), expected.get("nsd").number(), "nsd");
        // Rounding and the gate at 0.2 hang on the last bit.
        assertThat(scores.dsc())
                .as("dsc, every bit")
                .isEqualTo(Double.valueOf(expected.get("dsc").number()));
        assertThat(ScoreTable.fourPlaces(scores.dsc()))
                .isEqualTo(printed(expected.get("dsc_rounded").number()));
        assertThat(ScoreTable.fourPlaces(scores.nsd()))
                .isEqualTo(printed(expected.get("nsd_rounded").number()));

        List<Json> labels = expected.get("labels").list();
        assertThat(scores.labels()).hasSameSizeAs(labels);
        for (int i = 0; i < labels.size(); i++) {
            assertLabel(scores.labels().get(i), labels.get(i));
        }
    }

    private static void assertLabel(LabelScore label, Json expected) {
        String name = "label " + label.label();
        assertThat((long) label.label()).isEqualTo(expected.get("label").count());
        assertThat(label.truthVoxels())
                .as(name)
                .isEqualTo(expected.get("gt_voxels").count());
        assertThat(label.predictionVoxels())
                .as(name)
                .isEqualTo(expected.get("seg_voxels").count());
        assertThat(label.commonVoxels())
                .as(name)
                .isEqualTo(expected.get("intersection").count());
        assertThat(label.truth().points())
                .as(name)
                .isEqualTo(expected.get("surfels_gt").count());
        assertThat(label.prediction().points())
                .as(name)
                .isEqualTo(expected.get("surfels_seg").count());
        assertThat(label.truth().pointsWithin())
                .as(name)
                .isEqualTo(expected.get("surfels_gt_within_tol").count());
        assertThat(label.prediction().pointsWithin())
                .as(name)
                .isEqualTo(expected.get("surfels_seg_within_tol").count());
        assertSame(label.truth().area(), expected.get("area_gt").number(), name);
        assertSame(label.prediction().area(), expected.get("area_seg").number(), name);
        assertSame(
                label.truth().areaWithin(), expected.get("area_gt_within_tol").number(), name);
        assertSame(
                label.prediction().areaWithin(),
                expected.get("area_seg_within_tol").number(),
                name);
        assertSame(label.dsc(), expected.get("dsc").number(), name);
        assertSame(label.nsd(), expected.get("nsd").number(), name);
    }

    @Test
    void commandWritesTheScriptsOwnTable(@TempDir Path folder) throws IOException {
        ExpectedScores golden = ExpectedScores.GOLDEN;
        Path scores = folder.resolve("scores.csv");

        StringWriter printed = new StringWriter();
        int exit = EvalCommand.commandLine()
                .setOut(new PrintWriter(printed))
                .execute(
                        "score",
                        "--segs=" + golden.segs(),
                        "--gts=" + golden.gts(),
                        "--protocol=cvpr24",
                        "--out=" + scores);

        assertThat(exit).isZero();
        assertThat(scores).hasSameTextualContentAs(golden.folder().resolve("cli_metrics.csv"));
        assertThat(printed.toString()).startsWith("94 cases, 0 failed and counted as zero, protocol cvpr24");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(scores);
        }
    }

    private static void assertSame(double actual, double expected, String name) {
        if (Double.isNaN(expected)) {
            assertThat(actual).as(name).isNaN();
        } else {
            assertThat(actual).as(name).isCloseTo(expected, within(FULL_PRECISION * Math.max(1, expected)));
        }
    }

    private static String printed(double rounded) {
        return Double.isNaN(rounded) ? "" : Double.toString(rounded);
    }
}
