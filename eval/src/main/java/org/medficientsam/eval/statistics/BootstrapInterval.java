package org.medficientsam.eval.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;
import org.medficientsam.eval.SplitRandom;

/**
 * 95 % confidence interval of a mean of scores, or of an unweighted mean of such means (the Average over modalities, of which
 * each is a stratum and resampled by itself). It needs no bounds: resampled means never leave the range of the scores.
 *
 * <p>Expanded percentile bootstrap: percentiles of resampled means, taken so far out that a mean of normal scores would get
 * the width of Student's interval, with Welch and Satterthwaite's degrees of freedom over strata. Simulated on skewed, bounded
 * scores (the test of this class) it covers the true mean more often than plain percentiles and than BCa with 5 to 20 cases, and
 * alike with 50.
 *
 * <ul>
 *   <li>With fewer than {@value #FEWEST} cases of one stratum there is no interval: resampling two cases covers in 45 %, three in
 *       65 %, whichever percentiles are taken. Say the range of the cases instead.
 *   <li>Over strata each may have two cases or more, of which there must be {@value #FEWEST} together.
 * </ul>
 *
 * <p>What no interval can know is the rare failure that did not happen yet: where one case in eight scores near zero, ten cases
 * give 85 to 90 % coverage rather than 95.
 *
 * @param low and {@code high} in the units of the scores
 * @see <a href="https://doi.org/10.1080/00031305.2015.1089789">Hesterberg: What teachers should know about the bootstrap (2015)</a>
 * @see <a href="https://doi.org/10.2307/3002019">Satterthwaite (1946)</a>
 */
public record BootstrapInterval(double low, double high) {

    /** What a report calls it. */
    public static final String NAME = "95 % interval by the expanded percentile bootstrap";

    /** Cases that an interval needs. */
    public static final int FEWEST = 5;

    private static final int RESAMPLES = 2_000;
    private static final double TAIL = 0.025;
    private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

    /** Empty for fewer than {@value #FEWEST} values. */
    public static Optional<BootstrapInterval> ofMean(double[] values, long seed) {
        return ofAverage(List.of(values), seed);
    }

    /**
     * Of the unweighted mean of the strata's means.
     *
     * @return empty if there is no stratum, one of fewer than two values, or fewer than {@value #FEWEST} values in all
     */
    public static Optional<BootstrapInterval> ofAverage(List<double[]> strata, long seed) {
        int count = strata.stream().mapToInt(stratum -> stratum.length).sum();
        if (count < FEWEST || strata.stream().anyMatch(stratum -> stratum.length < 2)) {
            return Optional.empty();
        }
        double[] means = resampledMeans(strata, new SplitRandom(seed));
        double tail = expandedTail(strata);
        return Optional.of(new BootstrapInterval(quantile(means, tail), quantile(means, 1 - tail)));
    }

    /** Sorted; each is an average over strata that were resampled with replacement. */
    private static double[] resampledMeans(List<double[]> strata, SplitRandom random) {
        double[] means = new double[RESAMPLES];
        for (int resample = 0; resample < RESAMPLES; resample++) {
            double average = 0;
            for (double[] stratum : strata) {
                double sum = 0;
                for (int i = 0; i < stratum.length; i++) {
                    sum += stratum[random.integer(0, stratum.length - 1)];
                }
                average += sum / stratum.length / strata.size();
            }
            means[resample] = average;
        }
        Arrays.sort(means);
        return means;
    }

    /**
     * How much to leave out on each side. Resampled means vary by the variance with divisor n, which is too little by (n - 1) / n,
     * and normal percentiles ignore that the variance is estimated: both are made good by going further out.
     */
    private static double expandedTail(List<double[]> strata) {
        double resampled = 0;
        double unbiased = 0;
        double spread = 0;
        for (double[] stratum : strata) {
            double mean = Arrays.stream(stratum).sum() / stratum.length;
            double squares =
                    Arrays.stream(stratum).map(x -> (x - mean) * (x - mean)).sum();
            int freedom = stratum.length - 1;
            double error = squares / freedom / stratum.length;
            resampled += squares / stratum.length / stratum.length;
            unbiased += error;
            spread += error * error / freedom;
        }
        if (spread == 0) {
            return TAIL;
        }
        double student = new TDistribution(null, unbiased * unbiased / spread).inverseCumulativeProbability(TAIL);
        return NORMAL.cumulativeProbability(student * Math.sqrt(unbiased / resampled));
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.round(share * (sorted.length - 1))];
    }
}
