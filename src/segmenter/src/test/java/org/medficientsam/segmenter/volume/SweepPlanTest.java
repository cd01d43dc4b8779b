package org.medficientsam.segmenter.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.segmenter.picture.Frame;
import org.medficientsam.segmenter.picture.PromptBox;
import org.medficientsam.segmenter.volume.SweepPlan.Visit;

/** In which order slices are visited, and which are encoded twice. */
class SweepPlanTest {
    private static ObjectTrack track(int label, int zMin, int zMax, boolean lastSliceIncluded) {
        Box3D box = new Box3D(1, 1, zMin, 5, 5, zMax);
        Prompt prompt = new Prompt(label, box, new PromptBox(0, 0, 1, 1), new Frame(8, 8, 256));
        return new ObjectTrack(prompt, new MaskBox(), Optional.empty(), 10, lastSliceIncluded);
    }

    private static List<String> visits(long capacity, ObjectTrack... tracks) {
        return SweepPlan.of(List.of(tracks), capacity).visits().stream()
                .map(SweepPlanTest::describe)
                .toList();
    }

    private static String describe(Visit visit) {
        String labels = String.join(
                "", visit.objects().stream().map(o -> String.valueOf(o.label())).toList());
        return visit.z() + ":" + labels + (visit.kept() ? " keep" : "") + (visit.cached() ? " cached" : "");
    }

    @Test
    void oneObjectIsFollowedUpAndThenDownAndNeedsNoCache() {
        assertThat(visits(9, track(1, 2, 6, true))).containsExactly("4:1", "5:1", "6:1", "3:1", "2:1");
        assertThat(visits(9, track(1, 2, 6, false))).containsExactly("4:1", "5:1", "3:1", "2:1");
        assertThat(visits(9, track(1, 3, 3, false))).containsExactly("3:1");
    }

    @Test
    void allObjectsAdvanceTogetherAndTheCacheKeepsTheHighestSlices() {
        ObjectTrack low = track(1, 0, 6, true); // middle 3
        ObjectTrack high = track(2, 2, 8, true); // middle 5

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
}
