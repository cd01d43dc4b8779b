package org.medficientsam.eval.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.medficientsam.eval.SplitRandom;

/**
 * How sure the order of several methods is: cases, or the groups that they are of, are resampled, the same ones for all methods,
 * and the methods ranked anew by their average over strata.
 *
 * @param rank of each method on the cases as they are, 1 for the largest average; equal averages share the better rank
 * @param shares of each method, how often it took rank 1, 2, ...; each row sums to 1
 * @see <a href="https://doi.org/10.1038/s41598-021-82017-6">Wiesenfarth et al.: Methods and open-source toolkit for analyzing and
 *     visualizing challenge results (2021)</a>
 */
public record RankStability(List<Integer> rank, List<List<Double>> shares) {

    private static final int RESAMPLES = 1_000;

    /**
     * @param scores of each method, per stratum, of each case; the i-th case of a stratum is the same one for all methods, and of the
     *     group that the first method says
     * @throws IllegalArgumentException if methods differ in their strata or cases
     */
    public static RankStability of(List<List<Stratum>> scores, long seed) {
        int[] sizes = sizes(scores.get(0));
        for (List<Stratum> method : scores) {
            if (!Arrays.equals(sizes(method), sizes)) {
                throw new IllegalArgumentException("all methods must have the same cases in each stratum");
            }
        }
        int[][] counts = new int[scores.size()][scores.size()];
        SplitRandom random = new SplitRandom(seed);
        GroupResampling groups = GroupResampling.of(scores.get(0));
        for (int resample = 0; resample < RESAMPLES; resample++) {
            int[] ranks = ranks(averages(scores, groups.draw(random)));
            for (int method = 0; method < ranks.length; method++) {
                counts[method][ranks[method] - 1]++;
            }
        }
        int[][] asTheyAre = Arrays.stream(sizes).mapToObj(RankStability::all).toArray(int[][]::new);
        List<List<Double>> shares = new ArrayList<>();
        for (int[] row : counts) {
            shares.add(Arrays.stream(row)
                    .mapToObj(count -> (double) count / RESAMPLES)
                    .toList());
        }
        return new RankStability(
                Arrays.stream(ranks(averages(scores, asTheyAre))).boxed().toList(), List.copyOf(shares));
    }

    private static int[] sizes(List<Stratum> strata) {
        return strata.stream().mapToInt(Stratum::size).toArray();
    }

    private static int[] all(int size) {
        int[] indices = new int[size];
        Arrays.setAll(indices, i -> i);
        return indices;
    }

    private static double[] averages(List<List<Stratum>> scores, int[][] cases) {
        return scores.stream()
                .mapToDouble(strata -> {
                    double average = 0;
                    for (int stratum = 0; stratum < cases.length; stratum++) {
                        Stratum values = strata.get(stratum);
                        average += Arrays.stream(cases[stratum])
                                        .mapToDouble(values::value)
                                        .sum()
                                / cases[stratum].length;
                    }
                    return average;
                })
                .toArray();
    }

    private static int[] ranks(double[] averages) {
        return Arrays.stream(averages)
                .mapToInt(average -> 1
                        + (int) Arrays.stream(averages)
                                .filter(other -> other > average)
                                .count())
                .toArray();
    }
}
