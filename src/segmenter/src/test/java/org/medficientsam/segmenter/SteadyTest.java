package org.medficientsam.segmenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.casefile.Box2D;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.ImageCase;
import org.medficientsam.casefile.VolumeCase;
import org.medficientsam.segmenter.bundle.InvalidBundleException;

/** What the rules steady do beside the published ones, and that only they do it. */
class SteadyTest {
    @Test
    void nestedObjectsStayVisibleInImages(@TempDir Path folder) throws IOException {
        CaseFile inner = Scenes.discs(128, 128, 1, 64, 64, 12);
        CaseFile nested = new ImageCase(
                inner.image(), List.of(new Box2D(52, 52, 76, 76), new Box2D(24, 24, 104, 104))); // the larger one later
        try (Segmenter published = Segmenter.open(Scenes.NANO, SegmenterOptions.defaults());
                Segmenter steady = open(BundleVariants.steadyNano(folder))) {
            assertThat(published.segment(nested).objects().get(0).voxels()).isLessThan(100);
            assertThat(steady.segment(nested).objects().get(0).voxels()).isGreaterThan(300);
        }
    }

    /** Only the steady rules tell the network what it found beside; what a bundle has for that changes nothing else. */
    @Test
    void aPropagatorIsUsedBySteadyRulesInVolumesAlone(@TempDir Path folder) throws IOException {
        CaseFile balls = Scenes.balls(20, 96, 96, 1, 48, 48, 10, 9);
        CaseFile disc = Scenes.discs(96, 96, 1, 48, 48, 20);
        Rules published = Rules.named("medficientsam");
        try (Segmenter told = open(Scenes.MICRO);
                Segmenter alone = open(BundleVariants.withoutPropagator(folder))) {
            float[] with = voxelsAndIou(told.segment(balls));
            assertThat(with).isNotEqualTo(voxelsAndIou(alone.segment(balls)));
            assertThat(voxelsAndIou(told.segment(balls))).as("again").isEqualTo(with);
            assertThat(voxelsAndIou(told.segment(disc))).isEqualTo(voxelsAndIou(alone.segment(disc)));
            assertThat(voxelsAndIou(told.segment(balls, published, Progress.NONE)))
                    .isEqualTo(voxelsAndIou(alone.segment(balls, published, Progress.NONE)));
        }
    }

    @Test
    void whatThePropagatorFindsIsGivenTheShapeOfTheManifest(@TempDir Path folder) throws IOException {
        CaseFile balls = Scenes.balls(20, 96, 96, 1, 48, 48, 10, 9);
        try (Segmenter shaped = open(Scenes.MICRO);
                Segmenter without = open(BundleVariants.withoutShape(folder))) {
            assertThat(shaped.segment(balls).labels().labels())
                    .isNotEqualTo(without.segment(balls).labels().labels());
        }
    }

    @Test
    void aBundleWithoutTheNumbersIsRefused() {
        Rules steady = Rules.named("steady");
        SegmenterOptions options = SegmenterOptions.defaults();
        assertThatThrownBy(() -> Segmenter.open(Scenes.NANO, options.withRules("steady")))
                .isInstanceOf(InvalidBundleException.class)
                .hasMessage("rules steady need propagation in the manifest, found none");
        try (Segmenter nano = Segmenter.open(Scenes.NANO, options)) {
            assertThat(nano.supports(steady)).isFalse();
            assertThat(nano.supports(Rules.named("litemedsam"))).isTrue();
            assertThatThrownBy(() -> nano.segment(Scenes.balls(5, 40, 40, 1), steady, Progress.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("rules steady need a bundle with propagation, got nano");
        }
    }

    @Test
    void promptsTellOfOneAnotherWhateverTheirOrder() {
        VolumeCase ball = Scenes.balls(20, 96, 96, 1, 48, 48, 10, 9);
        Box3D outer = ball.boxes().get(0);
        Box3D inner = new Box3D(44, 44, 6, 52, 52, 14);
        try (Segmenter steady = open(Scenes.MICRO)) {
            Segmentation one = steady.segment(new VolumeCase(ball.image(), List.of(outer, inner), Optional.empty()));
            Segmentation two = steady.segment(new VolumeCase(ball.image(), List.of(inner, outer), Optional.empty()));
            Segmentation alone = steady.segment(ball);
            assertThat(one.objects().get(0).iou())
                    .isEqualTo(two.objects().get(1).iou());
            assertThat(one.objects().get(1).iou())
                    .isEqualTo(two.objects().get(0).iou());
            assertThat(one.objects().get(0).iou())
                    .isNotEqualTo(alone.objects().get(0).iou());
            short[] labels = one.labels().labels();
            short[] swapped = two.labels().labels();
            for (int i = 0; i < labels.length; i++)
                assertThat(swapped[i]).isEqualTo((short) (labels[i] == 0 ? 0 : 3 - labels[i]));
        }
    }

    private static float[] voxelsAndIou(Segmentation segmentation) {
        LabelledObject object = segmentation.objects().get(0);
        return new float[] {object.voxels(), (float) object.iou()};
    }

    private static Segmenter open(Path bundle) {
        return Segmenter.open(bundle, SegmenterOptions.defaults());
    }
}
