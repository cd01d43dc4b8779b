package org.medficientsam.segmenter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.segmenter.bundle.FileCheck;
import org.medficientsam.segmenter.mask.Mask;
import org.medficientsam.segmenter.mask.SliceMask;
import org.medficientsam.segmenter.onnx.MaskLogits;
import org.medficientsam.segmenter.picture.Frame;
import org.medficientsam.segmenter.picture.PromptBox;
import org.medficientsam.segmenter.volume.ObjectTrack;
import org.medficientsam.segmenter.volume.OtherPrompts;
import org.medficientsam.segmenter.volume.Prompt;
import org.medficientsam.segmenter.volume.SweepPlan;
import org.medficientsam.segmenter.volume.SweepPlan.Visit;

/** In which order slices are visited, which are encoded twice, and that none of it shows in the result. */
class SweepTest {
    private static final long SLICE = 64 * 64 * 64 * 4L; // bytes of one of nano's embeddings

    private static ObjectTrack track(int label, int zMin, int zMax, Rules rules) {
        Box3D box = new Box3D(1, 1, zMin, 5, 5, zMax);
        Prompt prompt = new Prompt(label, box, new PromptBox(0, 0, 1, 1), new Frame(8, 8, 256));
        return new ObjectTrack(
                prompt, new OtherPrompts(List.of(prompt)), rules.propagation(), rules.lastSliceIncluded(), 10);
    }

    private static List<String> visits(long capacity, ObjectTrack... tracks) {
        return SweepPlan.of(List.of(tracks), 10, capacity).visits().stream()
                .map(SweepTest::describe)
                .toList();
    }

    private static String describe(Visit visit) {
        String labels = String.join(
                "", visit.objects().stream().map(o -> String.valueOf(o.label())).toList());
        return visit.z() + ":" + labels + (visit.kept() ? " keep" : "") + (visit.cached() ? " cached" : "");
    }

    @Test
    void oneObjectIsFollowedUpAndThenDownAndNeedsNoCache() {
        assertThat(visits(9, track(1, 2, 6, Rules.MEDFICIENTSAM))).containsExactly("4:1", "5:1", "6:1", "3:1", "2:1");
        assertThat(visits(9, track(1, 2, 6, Rules.MEDFICIENTSAM_ORIGINAL))).containsExactly("4:1", "5:1", "3:1", "2:1");
        assertThat(visits(9, track(1, 3, 3, Rules.MEDFICIENTSAM_ORIGINAL))).containsExactly("3:1");
    }

    @Test
    void allObjectsAdvanceTogetherAndTheCacheKeepsTheHighestSlices() {
        ObjectTrack low = track(1, 0, 6, Rules.MEDFICIENTSAM); // middle 3
        ObjectTrack high = track(2, 2, 8, Rules.MEDFICIENTSAM); // middle 5

        assertThat(visits(9, low, high))
                .containsExactly(
                        "3:1 keep",
                        "4:1 keep",
                        "5:12",
                        "6:12",
                        "7:2",
                        "8:2",
                        "4:2 cached",
                        "3:2 cached",
                        "2:12",
                        "1:1",
                        "0:1");
        assertThat(visits(1, low, high)).contains("3:1", "4:1 keep", "4:2 cached", "3:2");
        assertThat(visits(0, low, high)).contains("3:1", "4:1", "4:2", "3:2");
    }

    @Test
    void theWayDownStartsFromTheMiddlesMask() {
        ObjectTrack track = track(1, 2, 6, Rules.MEDFICIENTSAM);
        Mask middle = new Mask(8, 8);
        middle.add(2, 3);
        middle.finishRow(2);
        Mask none = new Mask(8, 8);
        PromptBox drawn = new PromptBox(0, 0, 1, 1);
        PromptBox fromMiddle = new PromptBox(3 / 8f, 2 / 8f, 3 / 8f, 2 / 8f);

        assertThat(track.queryIn(4).box()).isEqualTo(drawn);
        track.found(4, new SliceMask(middle, MaskLogits.adopt(new float[1], 1, 1), drawn));
        assertThat(track.queryIn(5).box()).isEqualTo(fromMiddle);
        track.found(5, new SliceMask(none, MaskLogits.adopt(new float[1], 1, 1), fromMiddle));
        assertThat(track.queryIn(6).box())
                .as("an empty mask falls back to the prompt")
                .isEqualTo(drawn);
        track.found(6, new SliceMask(none, MaskLogits.adopt(new float[1], 1, 1), drawn));
        assertThat(track.queryIn(3).box()).isEqualTo(fromMiddle);
    }

    @Test
    void neitherWorkersNorCacheChangeABit() {
        CaseFile balls = Scenes.balls(15, 80, 96, 1, 25, 25, 2, 8, 60, 40, 12, 8);
        short[] expected = null;
        for (int workers : new int[] {1, 2})
            for (long cache : new long[] {1L << 30, 2 * SLICE, 0}) {
                SegmenterOptions options = new SegmenterOptions(workers, 2, cache, Optional.empty(), FileCheck.HASHES);
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
