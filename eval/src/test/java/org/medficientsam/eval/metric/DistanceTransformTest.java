package org.medficientsam.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistanceTransformTest {

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "0.7, 0.9, 3.3", "5, 0.6, 0.6", "0.01, 0.02, 0.01"})
    void distancesAreThoseToTheNearestPoint(double s0, double s1, double s2) {
        VoxelSpacing spacing = new VoxelSpacing(s0, s1, s2);
        BruteForce definition = new BruteForce(new double[256], s0, s1, s2);
        for (long seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            BitGrid grid = new BitGrid(1 + random.nextInt(5), 1 + random.nextInt(7), 1 + random.nextInt(70));
            List<int[]> points = new ArrayList<>();
            for (int n = random.nextInt(6); n > 0; n--) {
                int[] point = {random.nextInt(grid.size0), random.nextInt(grid.size1), random.nextInt(grid.size2)};
                points.add(point);
                grid.set(point[0], point[1], point[2]);
            }
            DistanceTransform transform = new DistanceTransform(grid, spacing);
            for (int i = 0; i < grid.size0; i++) {
                for (int j = 0; j < grid.size1; j++) {
                    for (int k = 0; k < grid.size2; k++) {
                        double distance = transform.at(i, j, k);
                        double expected = definition.nearest(i, j, k, points);
                        if (points.isEmpty()) {
                            assertThat(distance).isInfinite();
                        } else {
                            assertThat(distance).as("seed " + seed).isCloseTo(expected, within(1e-12));
                        }
                    }
                }
            }
        }
    }

    /** 3-4-5 and 2-3-6-7 triples at 0.02 steps: 2.0 on paper. */
    @Test
    void ballAndTransformAgreeOnTies() {
        for (double step : new double[] {0.1, 0.2, 0.25, 0.4, 0.5, 1.0, 2.0 / 7, 2.0 / 3, 2.0 / 9}) {
            VoxelSpacing spacing = new VoxelSpacing(step, step, step);
            BitGrid grid = new BitGrid(24, 24, 24);
            grid.set(11, 12, 11);
            ToleranceBall ball = ToleranceBall.of(2.0, spacing, grid);
            DistanceTransform transform = new DistanceTransform(grid, spacing);
            for (int i = 0; i < 24; i++) {
                for (int j = 0; j < 24; j++) {
                    for (int k = 0; k < 24; k++) {
                        assertThat(ball.touches(grid, i, j, k))
                                .as("step %s at %d %d %d", step, i, j, k)
                                .isEqualTo(spacing.distance(i - 11, j - 12, k - 11) <= 2.0)
                                .isEqualTo(transform.at(i, j, k) <= 2.0);
                    }
                }
            }
        }
    }

    @Test
    void goingBackIsRefused() {
        DistanceTransform transform = new DistanceTransform(new BitGrid(3, 3, 3), VoxelSpacing.PIXELS);
        transform.at(1, 1, 1);

        assertThatThrownBy(() -> transform.at(0, 2, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> transform.at(1, 0, 2)).isInstanceOf(IllegalArgumentException.class);
    }
}
