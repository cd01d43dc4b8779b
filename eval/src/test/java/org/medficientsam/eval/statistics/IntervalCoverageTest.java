package org.medficientsam.eval.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medficientsam.eval.SplitRandom;

/**
 * Why intervals are made as they are: how often each method covers the true mean of skewed, bounded scores. "good" is Beta(9, 1.5),
 * most near 0.9; of "with failures" one case in eight is a Beta(1.2, 4), near 0.2.
 */
class IntervalCoverageTest {

    private static final int TRIALS = 600;
    private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

    /** Standard error of a share of 0.9 in 600 trials: 1.2 %. */
    private static final double ERROR = 0.012;

    @ParameterizedTest(name = "n = {0}, failures {1}: at least {2}")
    @CsvSource({
        "5, false, 0.85",
        "10, false, 0.88",
        "50, false, 0.92",
        "5, true, 0.70",
        "10, true, 0.82",
        "50, true, 0.90"
    })
    void theChosenIntervalCoversAtLeastAsOftenAsPercentilesAndBca(int n, boolean failures, double atLeast) {
        Map<String, Double> coverage = coverage(n, failures);

        assertThat(coverage.get("chosen")).as("%s", coverage).isGreaterThan(atLeast);
        assertThat(coverage.get("chosen"))
                .as("%s", coverage)
                .isGreaterThan(Objects.requireNonNull(coverage.get("percentile")) - ERROR)
                .isGreaterThan(Objects.requireNonNull(coverage.get("BCa")) - ERROR);
    }

    /** Of two cases percentiles and BCa give the two cases: a coin's toss, which is why no interval is printed. */
    @ParameterizedTest(name = "n = 2, failures {0}")
    @CsvSource({"false", "true"})
    void ofTwoCasesNoBootstrapCovers(boolean failures) {
        Map<String, Double> coverage = coverage(2, failures);

        assertThat(coverage.get("percentile")).isLessThan(0.55);
        assertThat(coverage.get("BCa")).isLessThan(0.55);
        assertThat(coverage.get("chosen")).as("it is not given").isZero();
    }

    private static Map<String, Double> coverage(int n, boolean failures) {
        Well19937c random = new Well19937c(20261127);
        BetaDistribution good = new BetaDistribution(random, 9, 1.5);
        BetaDistribution bad = new BetaDistribution(random, 1.2, 4);
        double share = failures ? 0.125 : 0;
        double truth = (1 - share) * good.getNumericalMean() + share * bad.getNumericalMean();
        Map<String, Double> covered = new TreeMap<>(Map.of("chosen", 0.0, "percentile", 0.0, "BCa", 0.0));
        for (int trial = 0; trial < TRIALS; trial++) {
            double[] scores = draw(n, share, good, bad, random);
            double[] means = resampled(scores, trial);
            if (BootstrapInterval.ofMean(Stratum.of(scores), trial)
                    .filter(i -> i.low() <= truth && truth <= i.high())
                    .isPresent()) {
                covered.merge("chosen", 1.0 / TRIALS, Double::sum);
            }
            if (holds(means, 0.025, 0.975, truth)) {
                covered.merge("percentile", 1.0 / TRIALS, Double::sum);
            }
            if (bca(scores, means, truth)) {
                covered.merge("BCa", 1.0 / TRIALS, Double::sum);
            }
        }
        return covered;
    }

    private static double[] draw(
            int n, double share, BetaDistribution good, BetaDistribution bad, RandomGenerator random) {
        double[] scores = new double[n];
        Arrays.setAll(scores, i -> random.nextDouble() < share ? bad.sample() : good.sample());
        return scores;
    }

    private static double[] resampled(double[] scores, long seed) {
        SplitRandom random = new SplitRandom(seed + 1_000_000);
        double[] means = new double[1000];
        Arrays.setAll(means, resample -> {
            double sum = 0;
            for (int i = 0; i < scores.length; i++) {
                sum += scores[random.integer(0, scores.length - 1)];
            }
            return sum / scores.length;
        });
        Arrays.sort(means);
        return means;
    }

    private static boolean holds(double[] sorted, double low, double high, double truth) {
        return sorted[(int) Math.round(low * (sorted.length - 1))] <= truth
                && truth <= sorted[(int) Math.round(high * (sorted.length - 1))];
    }

    /** Efron's bias-corrected and accelerated interval (1987), acceleration by the jackknife. */
    private static boolean bca(double[] scores, double[] means, double truth) {
        double sum = Arrays.stream(scores).sum();
        double mean = sum / scores.length;
        double squares = 0;
        double cubes = 0;
        for (double score : scores) {
            // Jackknife means differ from their mean by this.
            double difference = mean - (sum - score) / (scores.length - 1);
            squares += difference * difference;
            cubes += difference * difference * difference;
        }
        double acceleration = squares == 0 ? 0 : cubes / (6 * Math.pow(squares, 1.5));
        double below = Arrays.stream(means)
                        .map(m -> m < mean ? 1 : m == mean ? 0.5 : 0)
                        .sum()
                / means.length;
        double bias = NORMAL.inverseCumulativeProbability(Math.min(0.999, Math.max(0.001, below)));
        return holds(means, corrected(bias, acceleration, -1.959964), corrected(bias, acceleration, 1.959964), truth);
    }

    private static double corrected(double bias, double acceleration, double quantile) {
        double moved = bias + quantile;
        return NORMAL.cumulativeProbability(bias + moved / (1 - acceleration * moved));
    }
}
