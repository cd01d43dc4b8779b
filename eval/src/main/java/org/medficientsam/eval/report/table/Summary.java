package org.medficientsam.eval.report.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.metric.Metric;
import org.medficientsam.eval.statistics.BootstrapInterval;

/** What a report says first: each run in a line, then where the first is better than each other, by how much, how sure. */
public final class Summary {

    private Summary() {}

    /** A sentence per finding. */
    public static List<String> of(List<ScoredRun> runs, List<Comparison> comparisons) {
        List<String> lines = new ArrayList<>();
        runs.forEach(run -> lines.add(line(run)));
        comparisons.stream()
                .filter(comparison -> comparison.isOf(runs.get(0)))
                .forEach(comparison -> lines.addAll(ComparisonTable.sentences(comparison)));
        return lines;
    }

    private static String line(ScoredRun run) {
        StringBuilder text = new StringBuilder(run.label()).append(": ");
        text.append(run.rows().size()).append(" cases, ");
        text.append(run.failures().isEmpty() ? "none failed" : run.failures().size() + " failed");
        if (run.withoutTruth() > 0) {
            text.append(", %d without ground truth and not scored".formatted(run.withoutTruth()));
        }
        if (run.dsc().isEmpty()) {
            return text.append("; not scored, as there is no ground truth.").toString();
        }
        for (Metric metric : Metric.values()) {
            ModalityMeans means = run.means(metric);
            if (means.modalitiesInAverage() > 0) {
                figure(text, metric, means.average(), means.averageInterval());
            } else {
                means.only().ifPresent(all -> figure(text, metric, means.mean(all), means.interval(all)));
            }
        }
        int averaged = run.means(Metric.DSC).modalitiesInAverage();
        if (averaged == 0 && run.means(Metric.DSC).only().isPresent()) {
            return text.append(", mean of the cases.").toString();
        }
        return text.append(", Average of %d of %d modalities.".formatted(averaged, Modality.CHALLENGE.size()))
                .toString();
    }

    private static void figure(StringBuilder text, Metric metric, double mean, Optional<BootstrapInterval> interval) {
        text.append(String.format(Locale.ROOT, "; %s %.2f %%", metric, 100 * mean));
        interval.ifPresent(bounds ->
                text.append(String.format(Locale.ROOT, " [%.1f, %.1f]", 100 * bounds.low(), 100 * bounds.high())));
    }
}
