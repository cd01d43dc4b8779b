package org.medficientsam.eval.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapIntervalTest {

    /** Of the Average over nine modalities; which distribution each has, is drawn anew for each trial. */
    @ParameterizedTest(name = "cases per modality: {0}")
    @ValueSource(strings = {"3 3 3 3 3 3 3 3 3", "10 10 10 10 10 10 10 10 10", "30 20 3 25 20 15 10 5 8"})
    void intervalOfAnAverageCoversTheTrueMeanIn95PercentOfTrials(String sizes) {
        int trials = 600;
        long seed = 20240611;
        Well19937c random = new Well19937c(seed);
        int[] counts =
                Arrays.stream(sizes.split(" ")).mapToInt(Integer::parseInt).toArray();
        int covered = 0;
        for (int trial = 0; trial < trials; trial++) {
            List<Stratum> strata = new ArrayList<>();
            double truth = 0;
            for (int count : counts) {
                BetaDistribution scores =
                        new BetaDistribution(random, 4 + 21 * random.nextDouble(), 1 + 2 * random.nextDouble());
                truth += scores.getNumericalMean() / counts.length;
                strata.add(Stratum.of(scores.sample(count)));
            }
            BootstrapInterval interval =
                    BootstrapInterval.ofAverage(strata, trial).orElseThrow();
            if (interval.low() <= truth && truth <= interval.high()) {
                covered++;
            }
        }
        // The standard error of the share itself is 0.9 %.
        assertThat(100.0 * covered / trials).as("coverage in %%, seed %d", seed).isBetween(91.0, 98.5);
    }

    @Test
    void sameSeedGivesSameInterval() {
        double[] scores = {0.91, 0.85, 0.97, 0.62, 0.88};

        assertThat(BootstrapInterval.ofMean(Stratum.of(scores), 7))
                .isEqualTo(BootstrapInterval.ofMean(Stratum.of(scores), 7));
    }

    @Test
    void fewerThanFiveCasesHaveNoInterval() {
        assertThat(BootstrapInterval.ofMean(Stratum.of(0.9, 0.8, 0.7, 0.6), 1)).isEmpty();
        assertThat(BootstrapInterval.ofMean(Stratum.of(), 1)).isEmpty();
        assertThat(BootstrapInterval.ofAverage(List.of(), 1)).isEmpty();
        assertThat(BootstrapInterval.ofAverage(List.of(Stratum.of(0.9, 0.8, 0.7, 0.6), Stratum.of(0.7)), 1))
                .isEmpty();
        assertThat(BootstrapInterval.ofAverage(List.of(Stratum.of(0.9, 0.8, 0.7), Stratum.of(0.7, 0.6)), 1))
                .isPresent();
    }

    @Test
    void equalScoresHaveAnIntervalOfNoWidth() {
        assertThat(BootstrapInterval.ofMean(Stratum.of(0.75, 0.75, 0.75, 0.75, 0.75), 1))
                .contains(new BootstrapInterval(0.75, 0.75));
    }

    /** Ten X-ray cases of which the worst is 0.257: nothing below it was ever seen, so no interval may begin at 0. */
    @Test
    void intervalNeverLeavesTheRangeOfTheCases() {
        double[] scores = {0.257, 0.41, 0.62, 0.71, 0.84, 0.9, 0.93, 0.95, 0.96, 0.97};
        BootstrapInterval interval =
                BootstrapInterval.ofMean(Stratum.of(scores), 1).orElseThrow();

        assertThat(interval.low()).isBetween(0.45, 0.65);
        assertThat(interval.high()).isBetween(0.85, 0.95);
    }
}
