package org.medficientsam.eval.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * P-values of several tests, made good for there being several: the chance that any of those below 0.05 is there by luck stays
 * below 0.05, however the tests depend on one another.
 *
 * @see <a href="https://www.jstor.org/stable/4615733">Holm: A simple sequentially rejective multiple test procedure (1979)</a>
 */
public final class HolmCorrection {

    private HolmCorrection() {}

    /** @return in the order given, each at least the one it was made of and at most 1 */
    public static double[] adjusted(double... pValues) {
        Integer[] order = IntStream.range(0, pValues.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> pValues[i]));
        double[] adjusted = new double[pValues.length];
        double largest = 0;
        for (int rank = 0; rank < order.length; rank++) {
            largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[order[rank]]));
            adjusted[order[rank]] = largest;
        }
        return adjusted;
    }
}
