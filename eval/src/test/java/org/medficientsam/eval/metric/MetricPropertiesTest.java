package org.medficientsam.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for any masks; the seed of those that break it is in the name of the test. */
class MetricPropertiesTest {

    private static final List<Json> TABLES = Json.read(ExpectedScores.resource("golden/metrics/surfel-areas.json"))
            .get("tables")
            .list();

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    private static RandomMasks masks(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return RandomMasks.draw(random, 1 + random.nextInt(6), 1 + random.nextInt(9), 1 + random.nextInt(70));
    }

    private static double[] numbers(Json list) {
        return list.list().stream().mapToDouble(Json::number).toArray();
    }

    private static VoxelSpacing spacing(double... perAxis) {
        return new VoxelSpacing(perAxis[0], perAxis[1], perAxis[2]);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void scoresEqualThoseOfBruteForce(long seed) {
        RandomMasks masks = masks(seed);
        for (Json table : TABLES) {
            double[] perAxis = numbers(table.get("spacing"));
            BruteForce definition = new BruteForce(numbers(table.get("area")), perAxis);

            LabelScore fast = masks.score(spacing(perAxis), MetricProtocol.CVPR24)
                    .labels()
                    .get(0);
            LabelScore exact = masks.score(spacing(perAxis), MetricProtocol.CONTOUR)
                    .labels()
                    .get(0);

            double nsd = definition.nsd(masks, 2.0);
            assertThat(fast.dsc()).isEqualTo(definition.dsc(masks));
            assertThat(fast.nsd()).as(Arrays.toString(perAxis)).isCloseTo(nsd, within(1e-13));
            assertThat(exact.nsd()).as(Arrays.toString(perAxis)).isCloseTo(nsd, within(1e-13));
            assertThat(exact.hd95()).as(Arrays.toString(perAxis)).isCloseTo(definition.hd95(masks), within(1e-12));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void diceIsSymmetricAndOneOnlyForEqualMasks(long seed) {
        RandomMasks masks = masks(seed);

        double dsc = masks.score(VoxelSpacing.PIXELS, MetricProtocol.CVPR24).dsc();

        // Swapped, the label loop could end elsewhere: label 1 is in both.
        assertThat(masks.swapped()
                        .score(VoxelSpacing.PIXELS, MetricProtocol.CVPR24)
                        .dsc())
                .isEqualTo(dsc);
        assertThat(dsc).isBetween(0.0, 1.0);
        assertThat(dsc == 1).isEqualTo(Arrays.equals(masks.truth(), masks.prediction()));
        byte[] truth = masks.truth();
        RandomMasks same = new RandomMasks(masks.depth(), masks.height(), masks.width(), truth, truth.clone());
        for (MetricProtocol protocol : MetricProtocol.values()) {
            CaseScores.Scored perfect = same.score(new VoxelSpacing(2.5, 0.8, 0.7), protocol);
            assertThat(perfect.dsc()).isEqualTo(1);
            assertThat(perfect.nsd()).isEqualTo(1);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void surfaceDiceNeverFallsAsTheToleranceGrows(long seed) {
        RandomMasks masks = masks(seed);
        VoxelSpacing spacing = new VoxelSpacing(1.3, 0.9, 0.7);
        double[] areas = SurfelTables.areas(spacing);
        LabelBoxes.Extent all =
                new LabelBoxes.Extent(0, 0, 0, masks.depth() - 1, masks.height() - 1, masks.width() - 1);
        Surface truth = Surface.of(masks.truthLabels().mask(1, all));
        Surface prediction = Surface.of(masks.predictionLabels().mask(1, all));
        double last = 0;
        for (double tolerance = 0; tolerance < 8; tolerance += 0.25) {
            double nsd = SurfaceAgreement.surfaceDice(
                    SurfaceAgreement.of(truth, Proximity.to(prediction.points(), tolerance, spacing), areas),
                    SurfaceAgreement.of(prediction, Proximity.to(truth.points(), tolerance, spacing), areas));
            assertThat(nsd).as("tolerance " + tolerance).isBetween(last, 1.0);
            last = nsd;
        }
    }

    @ParameterizedTest
    @EnumSource
    void scoresDoNotDependOnWhereTheMasksLie(MetricProtocol protocol) {
        for (long seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            RandomMasks masks = RandomMasks.draw(random, 5, 7, 9);
            VoxelSpacing spacing = new VoxelSpacing(1.5, 0.8, 0.6);
            CaseScores.Scored here = masks.movedInto(80, 1, 1, 1).score(spacing, protocol);
            CaseScores.Scored there = masks.movedInto(80, 20 + random.nextInt(50), 33, random.nextInt(70))
                    .score(spacing, protocol);

            assertThat(there).as("seed " + seed).isEqualTo(here);
        }
    }
}
