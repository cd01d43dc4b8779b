package org.medficientsam.segmenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.LabelMap;

class SegmenterTest {
    @AutoClose
    private static final Segmenter SEGMENTER = Segmenter.open(Scenes.NANO, SegmenterOptions.threads(2));

    @ParameterizedTest
    @CsvSource({"200,300,3", "200,300,1", "700,512,3", "1024,1024,1", "90,64,3"})
    void discsAreFoundInGreyAndColourOfAnySize(int height, int width, int channels) {
        int r = Math.min(height, width) / 6;
        int[] discs = {width / 3, height / 3, r, 2 * width / 3, 2 * height / 3, r};

        Segmentation result = SEGMENTER.segment(Scenes.discs(height, width, channels, discs));

        assertThat(result.labels().isVolume()).isFalse();
        assertThat(result.slicesEncoded()).isEqualTo(1);
        assertThat(result.boxesDecoded()).isEqualTo(2);
        assertThat(result.rules()).isEqualTo("medficientsam");
        for (int label = 1; label <= 2; label++) {
            assertThat(disc(result.labels(), label, discs))
                    .as("DSC of label %d", label)
                    .isGreaterThan(0.9);
            LabelledObject object = result.objects().get(label - 1);
            assertThat(object.label()).isEqualTo(label);
            assertThat(object.voxels()).isEqualTo(count(result.labels(), label));
            assertThat(object.iou()).isBetween(0.5, 1.1);
        }
    }

    /** Dice of a label with its disc. */
    private static double disc(LabelMap labels, int label, int[] discs) {
        int x0 = discs[3 * label - 3];
        int y0 = discs[3 * label - 2];
        int r = discs[3 * label - 1];
        long both = 0;
        long either = 0;
        for (int y = 0; y < labels.height(); y++)
            for (int x = 0; x < labels.width(); x++) {
                boolean truth = Math.hypot(x - x0, y - y0) <= r;
                boolean found = labels.get(0, y, x) == label;
                if (truth && found) both++;
                if (truth) either++;
                if (found) either++;
            }
        return 2.0 * both / either;
    }

    private static long count(LabelMap labels, int label) {
        long count = 0;
        for (short found : labels.labels()) if (Short.toUnsignedInt(found) == label) count++;
        return count;
    }

    @Test
    void laterBoxesOverwriteEarlierOnes() {
        CaseFile twice = Scenes.discs(128, 128, 1, 64, 64, 30, 64, 64, 30);

        Segmentation result = SEGMENTER.segment(twice);

        assertThat(result.objects().get(0).voxels()).isZero();
        assertThat(result.objects().get(1).voxels()).isPositive();
    }

    @Test
    void noBoxesGiveABlankMapAndRunNothing() {
        Segmentation image = SEGMENTER.segment(Scenes.discs(40, 50, 3));
        Segmentation volume = SEGMENTER.segment(Scenes.balls(3, 40, 50, 1));

        assertThat(image.labels().labels()).hasSize(40 * 50).containsOnly((short) 0);
        assertThat(volume.labels().labels()).hasSize(3 * 40 * 50).containsOnly((short) 0);
        assertThat(image.slicesEncoded() + volume.slicesEncoded()).isZero();
        assertThat(image.objects()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1", "3"})
    void ballsAreFollowedThroughGreyAndColourVolumes(int channels) {
        CaseFile balls = Scenes.balls(13, 96, 96, channels, 30, 30, 4, 12, 64, 60, 8, 14);

        Segmentation result = SEGMENTER.segment(balls);

        assertThat(result.labels().isVolume()).isTrue();
        assertThat(result.boxesDecoded()).isEqualTo(13 + 13);
        assertThat(result.slicesEncoded()).isEqualTo(13);
        for (LabelledObject object : result.objects()) {
            Box3D box = (Box3D) object.box();
            for (int z = 0; z < 13; z++) {
                boolean inside = z >= box.zMin() && z <= box.zMax();
                assertThat(hasLabel(result.labels(), z, object.label()))
                        .as("slice %d", z)
                        .isEqualTo(inside);
            }
        }
    }

    private static boolean hasLabel(LabelMap labels, int z, int label) {
        for (int y = 0; y < labels.height(); y++)
            for (int x = 0; x < labels.width(); x++) if (labels.get(z, y, x) == label) return true;
        return false;
    }

    @Test
    void thePublishedRuleLeavesTheLastSliceEmpty() {
        CaseFile ball = Scenes.balls(11, 96, 96, 1, 48, 48, 5, 20);

        Segmentation mended = SEGMENTER.segment(ball, Rules.named("medficientsam"), Progress.NONE);
        Segmentation published = SEGMENTER.segment(ball, Rules.named("medficientsam-original"), Progress.NONE);

        assertThat(hasLabel(mended.labels(), 10, 1)).isTrue();
        assertThat(hasLabel(published.labels(), 10, 1)).isFalse();
        assertThat(published.boxesDecoded()).isEqualTo(mended.boxesDecoded() - 1);
    }

    @Test
    void aListenerHearsEveryStepAndCanStop() {
        CaseFile ball = Scenes.balls(9, 64, 64, 1, 32, 32, 4, 10);
        List<String> heard = new ArrayList<>();
        AtomicInteger steps = new AtomicInteger();

        SEGMENTER.segment(ball, (done, total) -> heard.add(done + "/" + total));

        assertThat(heard).hasSize(9).startsWith("1/9").endsWith("9/9");
        assertThatThrownBy(() -> SEGMENTER.segment(ball, (done, total) -> steps.incrementAndGet() < 3))
                .isInstanceOf(SegmentationStoppedException.class)
                .hasMessage("segmentation was stopped after 3 of 9 steps");
        assertThat(SEGMENTER.segment(ball).boxesDecoded()).isEqualTo(9);
    }

    @Test
    void aClosedSegmenterSaysSo() {
        Segmenter closed = Segmenter.open(Scenes.NANO, SegmenterOptions.threads(1));
        closed.close();
        closed.close();

        assertThatThrownBy(() -> closed.segment(Scenes.discs(40, 50, 3)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("segmenter is closed");
    }

    @Test
    void unknownRulesAreRefused() {
        assertThatThrownBy(() ->
                        Segmenter.open(Scenes.NANO, SegmenterOptions.defaults().withRules("best")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("rules must be one of medficientsam, ")
                .hasMessageEndingWith(", got best");
    }
}
