package org.medficientsam.segmenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.medficientsam.casefile.Box;
import org.medficientsam.casefile.Box2D;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.ImageCase;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.VolumeCase;
import org.medficientsam.segmenter.bundle.ModelBundle;
import org.medficientsam.segmenter.mask.Mask;
import org.medficientsam.segmenter.mask.Overlap;
import org.medficientsam.segmenter.mask.SliceMask;
import org.medficientsam.segmenter.onnx.Appearance;
import org.medficientsam.segmenter.onnx.MaskLogits;
import org.medficientsam.segmenter.onnx.OtherPrompt;
import org.medficientsam.segmenter.onnx.PropagatorPrompt.Neighbour;
import org.medficientsam.segmenter.picture.Frame;
import org.medficientsam.segmenter.picture.PromptBox;
import org.medficientsam.segmenter.volume.BoxPropagation;
import org.medficientsam.segmenter.volume.ObjectTrack;
import org.medficientsam.segmenter.volume.OtherPrompts;
import org.medficientsam.segmenter.volume.Prompt;

/** The steady rules: what they expect of a solid, and that they treat all directions alike. */
class SteadyTest {
    private static final Frame FRAME = new Frame(100, 100, 256);
    private static final Box3D SOLID = new Box3D(20, 30, 0, 59, 69, 9);
    private static final Prompt PROMPT = Rules.STEADY.prompt(1, SOLID, FRAME);
    private static final BoxPropagation STEADY = Rules.STEADY.propagation();

    private static double width(PromptBox box) {
        return box.xMax() - box.xMin();
    }

    private static SliceMask square(int x0, int y0, int x1, int y1) {
        return square(x0, y0, x1, y1, Optional.empty());
    }

    private static SliceMask square(int x0, int y0, int x1, int y1, Optional<Appearance> look) {
        Mask mask = new Mask(100, 100);
        for (int y = y0; y <= y1; y++) {
            mask.addRun(y, x0, x1 + 1);
            mask.finishRow(y);
        }
        return new SliceMask(mask, MaskLogits.adopt(new float[1], 1, 1, look), PROMPT.box());
    }

    @Test
    void expectedBoxesCloseTowardsTheEndsAndAreTheSameFromBoth() {
        for (int z = 5; z < 9; z++)
            assertThat(width(STEADY.start(PROMPT, z + 1))).isLessThan(width(STEADY.start(PROMPT, z)));
        for (int z = 0; z < 5; z++) assertThat(STEADY.start(PROMPT, z)).isEqualTo(STEADY.start(PROMPT, 9 - z));
        // Middle slices: t = 0.1, 0.88 (1 - 0.01)^0.65 of 40 pixels.
        assertThat(width(STEADY.start(PROMPT, 5)) * 100).isCloseTo(34.97, within(0.01));
    }

    @Test
    void aMaskThatGrewIsPulledBackAndNoBoxLeavesThePrompt() {
        PromptBox next = STEADY.next(PROMPT, square(20, 30, 59, 69), 5, 6);
        assertThat(width(next)).isLessThan(width(PROMPT.box()));

        PromptBox shifted =
                STEADY.next(PROMPT, square(50, 60, 59, 69), 6, 5); // towards the middle: grows past the edge
        assertThat(shifted.xMax()).isLessThanOrEqualTo(PROMPT.box().xMax());
        assertThat(shifted.yMax()).isLessThanOrEqualTo(PROMPT.box().yMax());
    }

    @Test
    void anEmptyMaskStartsAgainFromTheProfile() {
        SliceMask nothing = new SliceMask(new Mask(100, 100), MaskLogits.adopt(new float[1], 1, 0), PROMPT.box());

        assertThat(STEADY.next(PROMPT, nothing, 7, 8)).isEqualTo(STEADY.start(PROMPT, 8));
    }

    @Test
    void whatLiesOutsideThePromptIsNotBelieved() {
        Mask kept = STEADY.believed(PROMPT, square(10, 40, 70, 50).mask());

        assertThat(List.of(kept.xMin(), kept.yMin(), kept.xMax(), kept.yMax())).containsExactly(20, 40, 59, 50);
        assertThat(kept.pixels()).isEqualTo(40 * 11);
        assertThat(STEADY.believed(PROMPT, square(60, 70, 80, 80).mask()).isEmpty())
                .isTrue();
    }

    @Test
    void smallerBoxesLieOnTopWhateverTheirOrder() {
        Box large = new Box2D(0, 0, 50, 50);
        Box small = new Box2D(10, 10, 20, 20);

        assertThat(Overlap.SMALLER_ON_TOP.ranks(List.of(small, large))).containsExactly(0, 2, 1);
        assertThat(Overlap.SMALLER_ON_TOP.ranks(List.of(large, small))).containsExactly(0, 1, 2);
        assertThat(Overlap.SMALLER_ON_TOP.ranks(List.of(small, small)))
                .as("equals: the later one")
                .containsExactly(0, 1, 2);
        // A flat box of many slices is larger than a wide one of a single slice.
        assertThat(Overlap.SMALLER_ON_TOP.ranks(List.of(new Box3D(0, 0, 0, 9, 9, 9), new Box3D(0, 0, 4, 19, 19, 4))))
                .containsExactly(0, 1, 2);
    }

    @Test
    void nestedObjectsStayVisibleInImages() {
        CaseFile inner = Scenes.discs(128, 128, 1, 64, 64, 12);
        CaseFile nested = new ImageCase(
                inner.image(), List.of(new Box2D(52, 52, 76, 76), new Box2D(24, 24, 104, 104))); // the larger one later
        try (Segmenter published = open("medficientsam");
                Segmenter steady = open("steady")) {
            assertThat(published.segment(nested).objects().get(0).voxels()).isLessThan(100);
            assertThat(steady.segment(nested).objects().get(0).voxels()).isGreaterThan(300);
        }
    }

    enum Flip {
        UPSIDE_DOWN,
        LEFT_RIGHT,
        TOP_BOTTOM,
        TRANSPOSED
    }

    static Stream<Arguments> flips() {
        return Stream.of(Scenes.NANO, Scenes.MICRO)
                .flatMap(bundle -> Arrays.stream(Flip.values()).map(flip -> arguments(bundle, flip)));
    }

    /** Even and odd numbers of slices; each scored against its own truth, so only the network's own asymmetry shows. */
    @ParameterizedTest
    @MethodSource("flips")
    void aFlippedVolumeScoresAsTheVolume(Path bundle, Flip flip) {
        CaseFile balls = Scenes.balls(24, 96, 96, 1, 40, 44, 11, 10, 64, 60, 14, 7);
        CaseFile even = new VolumeCase(
                balls.image(),
                List.of(
                        (Box3D) balls.boxes().get(0),
                        new Box3D(57, 53, 7, 71, 67, 22)), // 16 slices: both central ones are starts
                Optional.empty());
        try (Segmenter steady = open(bundle, "steady")) {
            LabelMap straight = steady.segment(even).labels();
            LabelMap flipped = steady.segment(flip(even, flip)).labels();
            if (flip == Flip.UPSIDE_DOWN) {
                for (int z = 0; z < 24; z++)
                    for (int y = 0; y < 96; y++)
                        for (int x = 0; x < 96; x++)
                            assertThat(flipped.get(23 - z, y, x)).isEqualTo(straight.get(z, y, x));
                return;
            }
            double score = dsc(straight, even, (Box3D) even.boxes().get(0));
            CaseFile turned = flip(even, flip);
            assertThat(dsc(flipped, turned, (Box3D) turned.boxes().get(0))).isCloseTo(score, within(0.02));
        }
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void aPromptMovedByAPixelChangesLittle(Path bundle) {
        CaseFile balls = Scenes.balls(20, 96, 96, 1, 48, 48, 10, 9);
        Box3D exact = (Box3D) balls.boxes().get(0);
        Box3D moved =
                new Box3D(exact.xMin() + 1, exact.yMin(), exact.zMin(), exact.xMax() + 1, exact.yMax(), exact.zMax());
        try (Segmenter steady = open(bundle, "steady")) {
            LabelMap one = steady.segment(balls).labels();
            LabelMap other = steady.segment(new VolumeCase(balls.image(), List.of(moved), Optional.empty()))
                    .labels();
            double d = dsc(one, balls, exact) - dsc(other, balls, exact);
            assertThat(Math.abs(d)).isLessThan(0.01);
        }
    }

    static Stream<Path> bundles() {
        return Stream.of(Scenes.NANO, Scenes.MICRO);
    }

    /** Only the steady rules tell the network what it found beside; what a bundle has for that changes nothing else. */
    @Test
    void aPropagatorIsUsedBySteadyRulesInVolumesAlone() {
        CaseFile balls = Scenes.balls(20, 96, 96, 1, 48, 48, 10, 9);
        assertThat(ModelBundle.open(Scenes.MICRO).hasPropagator()).isTrue();
        try (Segmenter told = open(Scenes.MICRO, "steady");
                Segmenter alone = open(Scenes.MICRO, "steady-without-neighbour")) {
            float[] with = voxelsAndIou(told.segment(balls));
            float[] without = voxelsAndIou(alone.segment(balls));
            assertThat(with).isNotEqualTo(without);
            assertThat(voxelsAndIou(told.segment(balls))).as("again").isEqualTo(with);
            CaseFile disc = Scenes.discs(96, 96, 1, 48, 48, 20);
            assertThat(voxelsAndIou(told.segment(disc))).isEqualTo(voxelsAndIou(alone.segment(disc)));
        }
    }

    @Test
    void onlyWhatAPropagatorFoundIsGivenAShape() {
        CaseFile balls = Scenes.balls(20, 96, 96, 1, 48, 48, 10, 9);
        for (Path bundle : List.of(Scenes.NANO, Scenes.MICRO))
            try (Segmenter steady = open(bundle, "steady");
                    Segmenter without = open(bundle, "steady-without-shape")) {
                boolean propagator = ModelBundle.open(bundle).hasPropagator();
                assertThat(Arrays.equals(
                                steady.segment(balls).labels().labels(),
                                without.segment(balls).labels().labels()))
                        .isEqualTo(!propagator);
            }
    }

    @Test
    void bothWaysAreToldHowTheObjectLookedWhereTheyStarted() {
        ObjectTrack track = new ObjectTrack(PROMPT, new OtherPrompts(List.of(PROMPT)), STEADY, true, 10);
        Map<Integer, Appearance> looks = new HashMap<>();
        Map<Integer, Optional<Appearance>> told = new HashMap<>();
        for (int z : new int[] {4, 5, 6, 7, 8, 9, 3, 2, 1, 0}) {
            told.put(z, track.queryIn(z).volume().orElseThrow().neighbour().map(Neighbour::start));
            looks.put(z, Appearance.adopt(new float[] {z}));
            track.found(z, square(30, 40, 50, 60, Optional.of(looks.get(z))));
        }
        for (int z = 0; z < 10; z++) // ten slices: two central ones
        assertThat(told.get(z))
                    .as("slice %d", z)
                    .isEqualTo(z == 4 || z == 5 ? Optional.empty() : Optional.ofNullable(looks.get(z < 4 ? 4 : 5)));
    }

    @Test
    void anObjectIsToldOfTheOthersThatMayReachTheSlice() {
        Prompt inner = Rules.STEADY.prompt(2, new Box3D(30, 40, 4, 49, 59, 5), FRAME);
        Prompt away = Rules.STEADY.prompt(3, new Box3D(0, 0, 2, 99, 99, 9), FRAME);
        OtherPrompts others = new OtherPrompts(List.of(PROMPT, inner, away));

        assertThat(others.of(PROMPT, 4))
                .containsExactly(new OtherPrompt(inner.box(), 0.5f, true), new OtherPrompt(away.box(), 0.375f, false));
        assertThat(others.of(PROMPT, 2))
                .as("the inner one's slices are 4 and 5")
                .containsExactly(new OtherPrompt(away.box(), 0.875f, false));
        assertThat(others.of(inner, 4)).extracting(OtherPrompt::smaller).containsExactly(false, false);
    }

    @Test
    void promptsTellOfOneAnotherWhateverTheirOrder() {
        CaseFile ball = Scenes.balls(20, 96, 96, 1, 48, 48, 10, 9);
        Box3D outer = (Box3D) ball.boxes().get(0);
        Box3D inner = new Box3D(44, 44, 6, 52, 52, 14);
        try (Segmenter steady = open(Scenes.MICRO, "steady")) {
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

    private static Segmenter open(String rules) {
        return open(Scenes.NANO, rules);
    }

    private static Segmenter open(Path bundle, String rules) {
        return Segmenter.open(bundle, SegmenterOptions.defaults().withRules(rules));
    }

    /** DSC against the ball that the box was drawn around. */
    private static double dsc(LabelMap found, CaseFile volume, Box3D box) {
        double r = (box.xMax() - box.xMin()) / 2;
        long both = 0;
        long sum = 0;
        ImageArray image = volume.image();
        for (int z = 0; z < image.depth(); z++)
            for (int y = 0; y < image.height(); y++)
                for (int x = 0; x < image.width(); x++) {
                    double dx = x - (box.xMin() + r);
                    double dy = y - (box.yMin() + r);
                    double dz = z - (box.zMin() + box.zMax()) / 2;
                    boolean truth = dx * dx + dy * dy + dz * dz <= r * r;
                    boolean label = found.get(z, y, x) == 1;
                    if (truth && label) both++;
                    if (truth) sum++;
                    if (label) sum++;
                }
        return 2.0 * both / sum;
    }

    private static CaseFile flip(CaseFile volume, Flip flip) {
        ImageArray image = volume.image();
        byte[] pixels = new byte[image.data().length];
        int n = 96;
        for (int z = 0; z < image.depth(); z++)
            for (int y = 0; y < n; y++)
                for (int x = 0; x < n; x++) {
                    int to =
                            switch (flip) {
                                case UPSIDE_DOWN -> ((image.depth() - 1 - z) * n + y) * n + x;
                                case LEFT_RIGHT -> (z * n + y) * n + n - 1 - x;
                                case TOP_BOTTOM -> (z * n + n - 1 - y) * n + x;
                                case TRANSPOSED -> (z * n + x) * n + y;
                            };
                    pixels[to] = image.data()[(z * n + y) * n + x];
                }
        List<Box3D> boxes = new ArrayList<>();
        for (Box box : volume.boxes()) {
            Box3D b = (Box3D) box;
            boxes.add(
                    switch (flip) {
                        case UPSIDE_DOWN ->
                            new Box3D(
                                    b.xMin(),
                                    b.yMin(),
                                    image.depth() - 1 - b.zMax(),
                                    b.xMax(),
                                    b.yMax(),
                                    image.depth() - 1 - b.zMin());
                        case LEFT_RIGHT ->
                            new Box3D(n - 1 - b.xMax(), b.yMin(), b.zMin(), n - 1 - b.xMin(), b.yMax(), b.zMax());
                        case TOP_BOTTOM ->
                            new Box3D(b.xMin(), n - 1 - b.yMax(), b.zMin(), b.xMax(), n - 1 - b.yMin(), b.zMax());
                        case TRANSPOSED -> new Box3D(b.yMin(), b.xMin(), b.zMin(), b.yMax(), b.xMax(), b.zMax());
                    });
        }
        return new VolumeCase(ImageArray.adopt(pixels, image.depth(), n, n, 1), boxes, Optional.empty());
    }
}
