package org.medficientsam.eval.report.table;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.metric.PairwiseMean;
import org.medficientsam.eval.statistics.BootstrapInterval;
import org.medficientsam.eval.statistics.Stratum;

/**
 * One figure's mean per modality, and the Average of the published tables: the unweighted mean of the unrounded modality
 * means. Sixty pictures of one modality weigh as much as three volumes of another.
 *
 * <ul>
 *   <li>A case whose figure is NaN does not enter its modality's mean; one that failed enters with zero.
 *   <li>Only the challenge's nine modalities enter the Average, and of those only the ones that have cases.
 * </ul>
 */
public final class ModalityMeans {

    /** Makes the resampling the same in every report. */
    private static final long SEED = 1;

    private final Map<Modality, Stratum> values;
    private final Map<Modality, Optional<BootstrapInterval>> intervals = new HashMap<>();

    private ModalityMeans(Map<Modality, Stratum> values) {
        this.values = values;
    }

    /** @param figures one figure per case, by file name, which names the modality */
    static ModalityMeans of(Map<String, Double> figures) {
        return of(figures, Modality::ofCase, name -> name);
    }

    /**
     * @param figures one figure per case, by file name
     * @param modalityOf of a file name
     * @param groupOf of a file name, the patient, volume or video
     */
    static ModalityMeans of(
            Map<String, Double> figures, Function<String, Modality> modalityOf, Function<String, String> groupOf) {
        Map<Modality, List<String>> names = new HashMap<>();
        figures.forEach((name, figure) -> {
            if (!figure.isNaN()) {
                names.computeIfAbsent(modalityOf.apply(name), unused -> new ArrayList<>())
                        .add(name);
            }
        });
        Map<Modality, Stratum> values = new HashMap<>();
        names.forEach((modality, cases) -> values.put(
                modality,
                Stratum.of(
                        cases.stream()
                                .mapToDouble(name -> figures.getOrDefault(name, Double.NaN))
                                .toArray(),
                        cases.stream().map(groupOf).toList())));
        return new ModalityMeans(values);
    }

    /** Cases with a figure. */
    public int count(Modality modality) {
        return of(modality).size();
    }

    /** Patients, volumes or videos that these cases are of. */
    int groups(Modality modality) {
        return of(modality).groupCount();
    }

    /** Patients, volumes or videos that all cases of the Average are of, each counted once. */
    int groups() {
        return Stratum.groupCount(strata());
    }

    /** NaN if the modality has no cases. */
    public double mean(Modality modality) {
        return PairwiseMean.of(figures(modality));
    }

    /** Each figure, in the order of the cases. */
    public double[] figures(Modality modality) {
        return of(modality).values();
    }

    /** Empty if there are too few cases, or groups of them, for one. */
    public Optional<BootstrapInterval> interval(Modality modality) {
        return intervals.computeIfAbsent(modality, each -> BootstrapInterval.ofMean(of(each), SEED));
    }

    /** The modality of all cases, if there is but one. */
    Optional<Modality> only() {
        return values.size() == 1 ? Optional.of(values.keySet().iterator().next()) : Optional.empty();
    }

    /** Over how many modalities the Average goes. */
    public int modalitiesInAverage() {
        return strata().size();
    }

    /** NaN if there is no modality to average. */
    public double average() {
        return average(
                strata().stream().map(Stratum::values).map(PairwiseMean::of).toList());
    }

    Optional<BootstrapInterval> averageInterval() {
        return BootstrapInterval.ofAverage(strata(), SEED);
    }

    /** The Average of modality means, which must not have been rounded. */
    static double average(Collection<Double> modalityMeans) {
        return PairwiseMean.of(
                modalityMeans.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private Stratum of(Modality modality) {
        return values.getOrDefault(modality, Stratum.of());
    }

    private List<Stratum> strata() {
        return Modality.CHALLENGE.stream()
                .map(this::of)
                .filter(cases -> cases.size() > 0)
                .toList();
    }
}
