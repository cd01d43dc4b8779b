package org.medficientsam.function;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.segmenter.Segmentation;
import org.medficientsam.segmenter.Segmenter;
import org.medficientsam.segmenter.SegmenterOptions;

class CaseTimeEstimateTest {
    @Test
    void slicesUnderSeveralBoxesCountOnce() {
        assertThat(CaseTimeEstimate.slices(volume(4, 0, 1, 1, 2))).isEqualTo(3);
        assertThat(CaseTimeEstimate.slices(volume(6, 0, 1, 4, 5))).isEqualTo(4);
        assertThat(CaseTimeEstimate.slices(volume(6, 3, 3))).isEqualTo(1);
    }

    @Test
    void unknownModelIsNeverTooSlow() {
        assertThat(new CaseTimeEstimate(2).leastMillis("nano", volume(6, 0, 5))).isZero();
    }

    @Test
    void estimateGrowsWithSlicesAndNeverExceedsWhatTheSameCaseTook() {
        CaseTimeEstimate estimate = new CaseTimeEstimate(1);
        try (Segmenter segmenter =
                Segmenter.open(SegmentationContract.ROOT.resolve("models/bundles/nano"), SegmenterOptions.threads(1))) {
            CaseFile small = volume(6, 0, 5);
            long start = System.nanoTime();
            Segmentation done = segmenter.segment(small);
            double took = (System.nanoTime() - start) / 1e6;
            estimate.learn("nano", done);

            assertThat(estimate.leastMillis("nano", small)).isPositive().isLessThanOrEqualTo(took);
            assertThat(estimate.leastMillis("nano", volume(60, 0, 59)))
                    .isGreaterThan(5 * estimate.leastMillis("nano", small));
        }
    }

    /** 16 x 16 pixels, with a box over each range of slices. */
    private static CaseFile volume(int depth, int... ranges) {
        double[] corners = new double[ranges.length / 2 * 6];
        for (int i = 0; i < ranges.length / 2; i++) {
            double[] box = {2, 2, ranges[2 * i], 12, 12, ranges[2 * i + 1]};
            System.arraycopy(box, 0, corners, 6 * i, 6);
        }
        return CaseNpz.read(SampleCase.flatVolume(16, 16, depth, corners), Limits.DEFAULT);
    }
}
