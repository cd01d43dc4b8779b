package org.medficientsam.eval.report.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.metric.Metric;
import org.medficientsam.eval.statistics.BootstrapInterval;
import org.medficientsam.eval.statistics.HolmCorrection;
import org.medficientsam.eval.statistics.PermutationTest;
import org.medficientsam.eval.statistics.Stratum;
import org.medficientsam.eval.statistics.WinTieLoss;

/**
 * Two runs on the same cases, by one metric: which scores higher, by how much, how sure; over all and per modality.
 *
 * @param average over the modalities of the published tables; empty if there is none of them
 * @param modalities those that both runs have cases of; their p-values are Holm's, over these
 * @param unpaired cases that only one of them has a figure for
 */
public record Comparison(
        ScoredRun first, ScoredRun second, Metric metric, Optional<Row> average, List<Row> modalities, int unpaired) {

    private static final long SEED = 1;

    /**
     * @param target a modality or {@link ModalityTable#AVERAGE}
     * @param groups patients, volumes or videos that the pairs are of
     * @param difference first minus second, in [-1, 1]
     * @param interval of the difference; empty for few cases
     * @param pValue two-sided; Holm's for a modality
     */
    record Row(
            String target,
            int pairs,
            int groups,
            double difference,
            Optional<BootstrapInterval> interval,
            double pValue,
            WinTieLoss cases) {

        boolean isSeparable() {
            return pValue < PermutationTest.SIGNIFICANCE;
        }
    }

    /** Every pair of runs on one data set and protocol, by both metrics. */
    public static List<Comparison> of(List<ScoredRun> runs) {
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
        Map<String, Double> others = second.scores(metric);
        Map<Modality, SortedMap<String, Double>> differences = new TreeMap<>(Modality.TABLE_ORDER);
        int unpaired = 0;
        for (Map.Entry<String, Double> score : first.scores(metric).entrySet()) {
            double other = others.getOrDefault(score.getKey(), Double.NaN);
            double difference = score.getValue() - other;
            if (Double.isNaN(difference)) {
                unpaired += score.getValue().isNaN() && Double.isNaN(other) ? 0 : 1;
            } else {
                differences
                        .computeIfAbsent(first.modality(score.getKey()), unused -> new TreeMap<>())
                        .put(score.getKey(), difference);
            }
        }
        List<Row> modalities = new ArrayList<>();
        List<Stratum> averaged = new ArrayList<>();
        differences.forEach((modality, cases) -> {
            Stratum values = Stratum.of(
                    cases.values().stream().mapToDouble(Double::doubleValue).toArray(),
                    cases.keySet().stream().map(first.groups()::of).toList());
            modalities.add(row(modality.label(), List.of(values)));
            if (modality.inAverage()) {
                averaged.add(values);
            }
        });
        return new Comparison(
                first,
                second,
                metric,
                averaged.isEmpty() ? Optional.empty() : Optional.of(row(ModalityTable.AVERAGE, averaged)),
                holm(modalities),
                unpaired);
    }

    private static Row row(String target, List<Stratum> strata) {
        PermutationTest test = PermutationTest.of(strata, SEED);
        double[] all = strata.stream()
                .flatMapToDouble(stratum -> Arrays.stream(stratum.values()))
                .toArray();
        return new Row(
                target,
                test.pairs(),
                test.swapped(),
                test.difference(),
                BootstrapInterval.ofAverage(strata, SEED),
                test.pValue(),
                WinTieLoss.of(all));
    }

    private static List<Row> holm(List<Row> rows) {
        double[] adjusted =
                HolmCorrection.adjusted(rows.stream().mapToDouble(Row::pValue).toArray());
        List<Row> corrected = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            corrected.add(
                    new Row(row.target, row.pairs, row.groups, row.difference, row.interval, adjusted[i], row.cases));
        }
        return corrected;
    }

    /** Whether it is of the run that a report takes differences from. */
    public boolean isOf(ScoredRun run) {
        return first.equals(run);
    }

    boolean isIdentical() {
        return first.scores(metric).equals(second.scores(metric));
    }
}
