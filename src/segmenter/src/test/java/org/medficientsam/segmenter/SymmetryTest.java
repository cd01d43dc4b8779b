package org.medficientsam.segmenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.VolumeCase;

/** That the steady rules treat all directions alike, with a propagator and without. */
class SymmetryTest {
    private static Path nano = Path.of("");

    @BeforeAll
    static void giveNanoTheRules(@TempDir Path folder) throws IOException {
        nano = BundleVariants.steadyNano(folder);
    }

    static Stream<Path> bundles() {
        return Stream.of(nano, Scenes.MICRO);
    }

    enum Flip {
        UPSIDE_DOWN,
        LEFT_RIGHT,
        TOP_BOTTOM,
        TRANSPOSED
    }

    static Stream<Arguments> flips() {
        return bundles().flatMap(bundle -> Arrays.stream(Flip.values()).map(flip -> arguments(bundle, flip)));
    }

    /** Even and odd numbers of slices; each scored against its own truth, so only the network's own asymmetry shows. */
    @ParameterizedTest
    @MethodSource("flips")
    void aFlippedVolumeScoresAsTheVolume(Path bundle, Flip flip) {
        VolumeCase balls = Scenes.balls(24, 96, 96, 1, 40, 44, 11, 10, 64, 60, 14, 7);
        VolumeCase even = new VolumeCase(
                balls.image(),
                List.of(
                        balls.boxes().get(0),
                        new Box3D(57, 53, 7, 71, 67, 22)), // 16 slices: both central ones are starts
                Optional.empty());
        try (Segmenter steady = open(bundle)) {
            LabelMap straight = steady.segment(even).labels();
            LabelMap flipped = steady.segment(flip(even, flip)).labels();
            if (flip == Flip.UPSIDE_DOWN) {
                for (int z = 0; z < 24; z++)
                    for (int y = 0; y < 96; y++)
                        for (int x = 0; x < 96; x++)
                            assertThat(flipped.get(23 - z, y, x)).isEqualTo(straight.get(z, y, x));
                return;
            }
            double score = dsc(straight, even, even.boxes().get(0));
            VolumeCase turned = flip(even, flip);
            assertThat(dsc(flipped, turned, turned.boxes().get(0))).isCloseTo(score, within(0.02));
        }
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void aPromptMovedByAPixelChangesLittle(Path bundle) {
        VolumeCase balls = Scenes.balls(20, 96, 96, 1, 48, 48, 10, 9);
        Box3D exact = balls.boxes().get(0);
        Box3D moved =
                new Box3D(exact.xMin() + 1, exact.yMin(), exact.zMin(), exact.xMax() + 1, exact.yMax(), exact.zMax());
        try (Segmenter steady = open(bundle)) {
            LabelMap one = steady.segment(balls).labels();
            LabelMap other = steady.segment(new VolumeCase(balls.image(), List.of(moved), Optional.empty()))
                    .labels();
            double d = dsc(one, balls, exact) - dsc(other, balls, exact);
            assertThat(Math.abs(d)).isLessThan(0.01);
        }
    }

    private static Segmenter open(Path bundle) {
        return Segmenter.open(bundle, SegmenterOptions.defaults());
    }

    /** DSC against the ball that the box was drawn around. */
    private static double dsc(LabelMap found, VolumeCase volume, Box3D box) {
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

    private static VolumeCase flip(VolumeCase volume, Flip flip) {
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
        for (Box3D b : volume.boxes()) {
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
