package org.medficientsam.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Drawings small enough to check by hand: one digit per pixel, its label. */
class ContourProtocolTest {

    private static final double CORNER = Math.sqrt(0.5);

    private static CaseScores.Scored score(MetricProtocol protocol, String[] truth, String[] prediction) {
        return new LabelScorer(labels(truth), labels(prediction), false, VoxelSpacing.PIXELS, protocol).score();
    }

    private static LabelArray labels(String... rows) {
        byte[] labels = new byte[rows.length * rows[0].length()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) Character.digit(rows[i / rows[0].length()].charAt(i % rows[0].length()), 10);
        }
        return LabelArray.adoptBytes(labels, 1, rows.length, rows[0].length());
    }

    private static LabelScore contour(String... truth) {
        return score(MetricProtocol.CONTOUR, truth, truth).labels().get(0);
    }

    @Test
    void areaOfAPictureIsTheLengthOfItsContour() {
        // Corners are cut at the midpoints: four diagonals, and one pixel of edge between two of them.
        assertThat(contour("1").truth().area()).isCloseTo(4 * CORNER, within(1e-15));
        assertThat(contour("11").truth().area()).isCloseTo(4 * CORNER + 2, within(1e-15));
        assertThat(contour("000", "010", "000").truth().points()).isEqualTo(4);
        // Pixels that touch at a corner only are two contours.
        assertThat(contour("10", "01").truth().area()).isCloseTo(8 * CORNER, within(1e-15));
        // A hole has a contour of its own.
        assertThat(contour("111", "101", "111").truth().area()).isCloseTo(4 * CORNER + 8 + 4 * CORNER, within(1e-14));
    }

    @Test
    void lengthsFollowTheSpacing() {
        LabelArray pixel = labels("11");
        LabelScore label = new LabelScorer(pixel, pixel, false, new VoxelSpacing(1, 0.5, 2), MetricProtocol.CONTOUR)
                .score()
                .labels()
                .get(0);

        assertThat(label.truth().area()).isCloseTo(4 * Math.hypot(0.25, 1) + 2 * 2, within(1e-15));
    }

    @Test
    void aHoleMattersForTheContourThoughNotForTheSlab() {
        String[] full = new String[21];
        String[] holed = new String[21];
        for (int i = 0; i < 21; i++) {
            full[i] = "1".repeat(21);
            holed[i] = i >= 8 && i < 13 ? "1".repeat(8) + "00000" + "1".repeat(8) : full[i];
        }

        assertThat(score(MetricProtocol.CVPR24, full, holed).nsd()).isCloseTo(1, within(0.02));
        // The contour of the hole is out of reach of the one around: 4 x 4 and four corners, of 2 x (80 + corners)
        // more.
        double hole = 16 + 4 * CORNER;
        double around = 80 + 4 * CORNER;
        assertThat(score(MetricProtocol.CONTOUR, full, holed).nsd())
                .isCloseTo(2 * around / (2 * around + hole), within(1e-14));
    }

    @Test
    void labelOnNeitherSideIsIgnored() {
        String[] truth = {"1103"};
        String[] prediction = {"1103"};

        assertThat(score(MetricProtocol.CVPR24, truth, prediction).dsc()).isNaN();
        assertThat(score(MetricProtocol.CVPR24, truth, prediction).nsd()).isZero();
        CaseScores.Scored contour = score(MetricProtocol.CONTOUR, truth, prediction);
        assertThat(contour.dsc()).isEqualTo(1);
        assertThat(contour.nsd()).isEqualTo(1);
        assertThat(contour.hd95()).isZero();
        assertThat(contour.labels()).extracting(LabelScore::label).containsExactly(1, 3);
    }

    @Test
    void labelThatOnlyThePredictionHasScoresZero() {
        CaseScores.Scored contour = score(MetricProtocol.CONTOUR, new String[] {"1100"}, new String[] {"1107"});

        assertThat(score(MetricProtocol.CVPR24, new String[] {"1100"}, new String[] {"1107"})
                        .dsc())
                .isEqualTo(1);
        assertThat(contour.dsc()).isEqualTo(0.5);
        assertThat(contour.nsd()).isEqualTo(0.5);
        assertThat(contour.missedLabels()).isEqualTo(1);
        assertThat(contour.hd95()).as("over the labels both have").isZero();
        assertThat(contour.labels().get(1).hd95()).isInfinite();
    }

    @Test
    void nothingOnEitherSideIsUndefined() {
        CaseScores.Scored nothing = score(MetricProtocol.CONTOUR, new String[] {"00"}, new String[] {"00"});

        assertThat(nothing.dsc()).isNaN();
        assertThat(nothing.nsd()).isNaN();
        assertThat(nothing.hd95()).isNaN();
    }

    @Test
    void surfaceDiceIsNotGated() {
        String[] truth = {"1110000"};
        String[] prediction = {"0001110"};

        assertThat(score(MetricProtocol.CVPR24, truth, prediction).nsd()).isZero();
        assertThat(score(MetricProtocol.CONTOUR, truth, prediction).nsd()).isPositive();
    }

    @Test
    void distanceOfAMovedSquareIsHowFarItMoved() {
        String[] truth = new String[30];
        String[] prediction = new String[30];
        for (int i = 0; i < 30; i++) {
            truth[i] = "0".repeat(5) + "1".repeat(10) + "0".repeat(15);
            prediction[i] = "0".repeat(11) + "1".repeat(10) + "0".repeat(9);
        }

        assertThat(score(MetricProtocol.CONTOUR, truth, prediction).hd95()).isEqualTo(6);
    }

    @Test
    void storedSpacingBelongsToTheAxesInReverse() {
        assertThat(MetricProtocol.CONTOUR.volumeSpacing(0.8, 0.9, 2.5)).isEqualTo(new VoxelSpacing(2.5, 0.9, 0.8));
        assertThat(MetricProtocol.CVPR24.volumeSpacing(0.8, 0.9, 2.5)).isEqualTo(new VoxelSpacing(0.8, 0.9, 2.5));
    }
}
