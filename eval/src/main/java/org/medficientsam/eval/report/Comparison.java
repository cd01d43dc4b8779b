package org.medficientsam.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.metric.Metric;
import org.medficientsam.eval.statistics.PermutationTest;

/** Two runs on the same cases: which is better, and whether that can be told. */
record Comparison(ScoredRun first, ScoredRun second, Metric metric, PermutationTest test) {

    private static final long SEED = 1;

    /** Every pair of runs on one data set and protocol, by both metrics. */
    static List<Comparison> of(List<ScoredRun> runs) {
        List<Comparison> comparisons = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            for (int j = i + 1; j < runs.size(); j++) {
                if (runs.get(i).isComparableTo(runs.get(j))
                        && !runs.get(i).dsc().isEmpty()) {
                    for (Metric metric : Metric.values()) {
                        comparisons.add(of(runs.get(i), runs.get(j), metric));
                    }
                }
            }
        }
        return comparisons;
    }

    private static Comparison of(ScoredRun first, ScoredRun second, Metric metric) {
        SortedMap<String, Double> others = second.scores(metric);
        List<double[]> strata = new ArrayList<>();
        for (Modality modality : Modality.CHALLENGE) {
            strata.add(first.scores(metric).entrySet().stream()
                    .filter(entry -> first.modality(entry.getKey()).equals(modality))
                    .mapToDouble(entry -> entry.getValue() - others.getOrDefault(entry.getKey(), Double.NaN))
                    .filter(difference -> !Double.isNaN(difference))
                    .toArray());
        }
        return new Comparison(first, second, metric, PermutationTest.of(strata, SEED));
    }

    String sentence() {
        return String.format(
                Locale.ROOT,
                "%s against %s, %s: %s%s (%+.2f points, p = %.4f, %d cases, paired permutation test).",
                first.label(),
                second.label(),
                metric,
                test.verdict(),
                first.scores(metric).equals(second.scores(metric)) ? ", every case scores the same" : "",
                100 * test.difference(),
                test.pValue(),
                test.pairs());
    }
}
