package org.medficientsam.eval.statistics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medficientsam.eval.SplitRandom;

/**
 * Whether one run scores higher than another on the same cases: a permutation test that swaps the two runs case by case, where
 * several are of one patient, patient by patient. Swapping changes the sign of a difference; if the runs were alike, every pattern
 * of signs would be as likely.
 *
 * <p>It tests what the tables print, the unweighted mean of the modalities' mean differences. Up to 2^14 patterns are all
 * tried, otherwise 10000 are drawn.
 *
 * @param difference first run minus second, averaged over strata
 * @param pValue two-sided; the observed pattern counts as one, so it is never 0
 * @param pairs cases that both runs have
 * @param swapped how many groups they are of, each swapped as one; as many as pairs where each is independent
 * @see <a href="https://doi.org/10.2202/1544-6115.1585">Phipson, Smyth: Permutation p-values should never be zero (2010)</a>
 */
public record PermutationTest(double difference, double pValue, int pairs, int swapped) {

    /** P-values below it are called a difference. */
    public static final double SIGNIFICANCE = 0.05;

    private static final int MOST_SIGNS_TRIED_IN_FULL = 14;
    private static final int DRAWS = 10_000;
    /** Sums of the same numbers in another pattern count as equal if they differ by rounding only. */
    private static final double ROUNDING = 1e-12;

    /** The result in words. */
    enum Verdict {
        BETTER("better"),
        WORSE("worse"),
        NOT_SEPARABLE("not separable");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * @param strata per modality, the difference of each case; modalities without cases are left out
     * @throws IllegalArgumentException if a difference is not finite
     */
    public static PermutationTest of(List<Stratum> strata, long seed) {
        List<Stratum> filled =
                strata.stream().filter(stratum -> stratum.size() > 0).toList();
        Map<Object, Double> groups = new LinkedHashMap<>(); // what each adds to the average
        int pairs = 0;
        for (Stratum stratum : filled) {
            for (int i = 0; i < stratum.size(); i++) {
                double share = stratum.value(i) / stratum.size() / filled.size();
                if (!Double.isFinite(share)) {
                    throw new IllegalArgumentException("differences must be finite, got " + share);
                }
                groups.merge(stratum.group(i), share, Double::sum);
            }
            pairs += stratum.size();
        }
        double[] shares =
                groups.values().stream().mapToDouble(Double::doubleValue).toArray();
        double difference = 0;
        for (double share : shares) {
            difference += share;
        }
        double pValue = shares.length <= MOST_SIGNS_TRIED_IN_FULL
                ? exact(shares, Math.abs(difference))
                : sampled(shares, Math.abs(difference), new SplitRandom(seed));
        return new PermutationTest(difference, pValue, pairs, shares.length);
    }

    /** The first run against the second. */
    public Verdict verdict() {
        if (pValue >= SIGNIFICANCE) {
            return Verdict.NOT_SEPARABLE;
        }
        return difference > 0 ? Verdict.BETTER : Verdict.WORSE;
    }

    private static double exact(double[] shares, double observed) {
        int patterns = 1 << shares.length;
        int asExtreme = 0;
        for (int pattern = 0; pattern < patterns; pattern++) {
            if (isAsExtreme(shares, pattern, observed)) {
                asExtreme++;
            }
        }
        return (double) asExtreme / patterns;
    }

    private static double sampled(double[] shares, double observed, SplitRandom random) {
        int asExtreme = 1;
        for (int draw = 0; draw < DRAWS; draw++) {
            double sum = 0;
            for (int i = 0; i < shares.length; i += Long.SIZE) {
                long signs = random.nextLong();
                for (int j = i; j < Math.min(shares.length, i + Long.SIZE); j++, signs >>>= 1) {
                    sum += (signs & 1) == 0 ? shares[j] : -shares[j];
                }
            }
            if (Math.abs(sum) >= observed - ROUNDING) {
                asExtreme++;
            }
        }
        return (double) asExtreme / (DRAWS + 1);
    }

    private static boolean isAsExtreme(double[] shares, int pattern, double observed) {
        double sum = 0;
        for (int i = 0; i < shares.length; i++) {
            sum += (pattern >> i & 1) == 0 ? shares[i] : -shares[i];
        }
        return Math.abs(sum) >= observed - ROUNDING;
    }
}
