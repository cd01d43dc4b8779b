package org.medficientsam.segmenter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.segmenter.bundle.FileCheck;

/** That neither the order of work nor the cache shows in the result. */
class SweepTest {
    private static final long SLICE = 64 * 64 * 64 * 4L; // bytes of one of nano's embeddings

    @Test
    void neitherWorkersNorCacheChangeABit() {
        CaseFile balls = Scenes.balls(15, 80, 96, 1, 25, 25, 2, 8, 60, 40, 12, 8);
        short[] expected = null;
        for (int workers : new int[] {1, 2})
            for (long cache : new long[] {1L << 30, 2 * SLICE, 0}) {
                SegmenterOptions options = new SegmenterOptions(
                        workers, 2, cache, Optional.empty(), OptionalInt.empty(), FileCheck.HASHES);
                try (Segmenter segmenter = Segmenter.open(Scenes.NANO, options)) {
                    Segmentation result = segmenter.segment(balls);

                    if (expected == null) expected = result.labels().labels();
                    assertThat(result.labels().labels()).isEqualTo(expected);
                    assertThat(result.boxesDecoded()).isEqualTo(11 + 11); // slices 0..10 and 4..14
                    int bothWays = 4; // 5..8: above the lower ball's middle, below the upper one's
                    int cached = (int) Math.min(bothWays, cache / SLICE);
                    assertThat(result.slicesEncoded()).isEqualTo(15 + bothWays - cached);
                }
            }
    }
}
