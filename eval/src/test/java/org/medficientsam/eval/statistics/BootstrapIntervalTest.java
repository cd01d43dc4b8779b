package org.medficientsam.eval.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapIntervalTest {

    /** Scores skewed as real ones are: most near 0.9, a tail below. Which distribution, is drawn anew for each trial. */
    @ParameterizedTest(name = "cases per modality: {0}")
    @ValueSource(
            strings = {
                "5",
                "10",
                "30",
                "100",
                "3 3 3 3 3 3 3 3 3",
                "10 10 10 10 10 10 10 10 10",
                "30 20 3 25 20 15 10 5 8"
            })
    void intervalsCoverTheTrueMeanIn95PercentOfTrials(String sizes) {
        int trials = 1000;
        long seed = 20240611;
        Well19937c random = new Well19937c(seed);
        int[] counts =
                Arrays.stream(sizes.split(" ")).mapToInt(Integer::parseInt).toArray();
        int covered = 0;
        for (int trial = 0; trial < trials; trial++) {
            List<double[]> strata = new ArrayList<>();
            double truth = 0;
            for (int count : counts) {
                BetaDistribution scores =
                        new BetaDistribution(random, 4 + 21 * random.nextDouble(), 1 + 2 * random.nextDouble());
                truth += scores.getNumericalMean() / counts.length;
                strata.add(scores.sample(count));
            }
            BootstrapInterval interval =
                    BootstrapInterval.ofAverage(strata, trial).orElseThrow();
            if (interval.low() <= truth && truth <= interval.high()) {
                covered++;
            }
        }
        // The standard error of the share itself is 0.7 %.
        assertThat(100.0 * covered / trials).as("coverage in %%, seed %d", seed).isBetween(93.0, 97.0);
    }

    @Test
    void sameSeedGivesSameInterval() {
        double[] scores = {0.91, 0.85, 0.97, 0.62, 0.88};

        assertThat(BootstrapInterval.ofMean(scores, 7)).isEqualTo(BootstrapInterval.ofMean(scores, 7));
        assertThat(BootstrapInterval.ofMean(scores, 7)).isNotEqualTo(BootstrapInterval.ofMean(scores, 8));
    }

    @Test
    void fewerThanTwoCasesHaveNoInterval() {
        assertThat(BootstrapInterval.ofMean(new double[] {0.9}, 1)).isEmpty();
        assertThat(BootstrapInterval.ofMean(new double[0], 1)).isEmpty();
        assertThat(BootstrapInterval.ofAverage(List.of(), 1)).isEmpty();
        assertThat(BootstrapInterval.ofAverage(List.of(new double[] {0.9, 0.8}, new double[] {0.7}), 1))
                .isEmpty();
    }

    @Test
    void equalScoresHaveAnIntervalOfNoWidth() {
        assertThat(BootstrapInterval.ofMean(new double[] {0.75, 0.75, 0.75}, 1))
                .contains(new BootstrapInterval(0.75, 0.75));
    }

    @Test
    void intervalStaysWithinTheRangeOfScores() {
        BootstrapInterval interval =
                BootstrapInterval.ofMean(new double[] {1, 0.2}, 1).orElseThrow();

        assertThat(interval).isEqualTo(new BootstrapInterval(0, 1));
    }

    @Test
    void percentagesAreRefused() {
        assertThatThrownBy(() -> BootstrapInterval.ofMean(new double[] {0.5, 91.2}, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scores must be in [0, 1], got 91.2");
    }
}
