package org.medficientsam.function.admission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.SegmentationContract;
import org.medficientsam.segmenter.Segmentation;
import org.medficientsam.segmenter.Segmenter;
import org.medficientsam.segmenter.SegmenterOptions;

class CaseTimeEstimateTest {
    @Test
    void unknownModelIsNeverTooSlowButALongCaseIsLong() {
        CaseTimeEstimate estimate = new CaseTimeEstimate(2);

        assertThat(estimate.leastMillis("nano", cost(volume(6, 0, 5)))).isZero();
        assertThat(estimate.isLong("nano", cost(volume(6, 0, 5)))).isFalse();
        assertThat(estimate.isLong("nano", cost(volume(600, 0, 599)))).isTrue();
        assertThat(estimate.isLong("nano", new CaseCost(1, 0, 1, 64 << 20)))
                .as("large")
                .isTrue();
        assertThat(estimate.isLong("nano", new CaseCost(1, 16, 16, 0))).isFalse();
        assertThat(estimate.isLong("nano", new CaseCost(1, 100, 100, 0)))
                .as("a picture looked at closely a hundred times")
                .isTrue();
    }

    @Test
    void estimateGrowsWithSlicesAndNeverExceedsWhatTheSameCaseTook() {
        CaseTimeEstimate estimate = new CaseTimeEstimate(1);
        try (Segmenter segmenter =
                Segmenter.open(SegmentationContract.ROOT.resolve("models/bundles/nano"), SegmenterOptions.threads(1))) {
            byte[] npz = volume(6, 0, 5);
            CaseFile small = CaseNpz.read(npz, Limits.DEFAULT);
            long start = System.nanoTime();
            Segmentation done = segmenter.segment(small);
            double took = (System.nanoTime() - start) / 1e6;
            estimate.learn("nano", done);

            double least = estimate.leastMillis("nano", cost(npz));
            assertThat(least).isPositive().isLessThanOrEqualTo(took);
            assertThat(estimate.leastMillis("nano", cost(volume(60, 0, 59)))).isGreaterThan(5 * least);
        }
    }

    private static CaseCost cost(byte[] npz) {
        return CaseCost.of(CaseNpz.header(npz, Limits.DEFAULT), npz.length, 1, 16);
    }

    /** 16 x 16 pixels, with a box over a range of slices. */
    private static byte[] volume(int depth, int first, int last) {
        return SampleCase.flatVolume(16, 16, depth, 2, 2, first, 12, 12, last);
    }
}
