package org.medficientsam.eval.report.table;

import java.util.Locale;
import java.util.Optional;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.metric.Metric;
import org.medficientsam.eval.statistics.BootstrapInterval;

/**
 * A figure in its place.
 *
 * @param percent not rounded
 * @param low and {@code high}: 95 % interval in percent; NaN if there is none
 * @param spread what to print beside the figure: the interval, or of few cases their range
 * @param cases how many it is the mean of; -1 where the publisher does not say
 * @param groups patients, volumes or videos that these are of
 * @param failed of them, each counted as zero
 * @param undefined cases that are not among them
 * @param printedMark of the publisher: best, second or empty
 */
record TableCell(
        double percent,
        double low,
        double high,
        String spread,
        int cases,
        int groups,
        int failed,
        int undefined,
        String printedMark) {

    /** As somebody else printed it. */
    static TableCell of(Published.Cell cell) {
        return new TableCell(cell.percent(), Double.NaN, Double.NaN, "", -1, -1, 0, 0, cell.mark());
    }

    /** Mean of a modality's cases. */
    static TableCell of(ScoredRun run, Metric metric, Modality modality) {
        ModalityMeans means = run.means(metric);
        Optional<BootstrapInterval> interval = means.interval(modality);
        double[] figures = means.figures(modality);
        String spread = interval.isPresent() || figures.length < 2 ? Spread.printed(interval) : Spread.range(figures);
        return new TableCell(
                100 * means.mean(modality),
                Spread.low(interval),
                Spread.high(interval),
                spread,
                figures.length,
                means.groups(modality),
                run.failed(modality),
                run.undefined(metric, modality),
                "");
    }

    /** Mean of the modality means. */
    static TableCell average(ScoredRun run, Metric metric) {
        ModalityMeans means = run.means(metric);
        Optional<BootstrapInterval> interval = means.averageInterval();
        int cases = 0;
        int failed = 0;
        int undefined = 0;
        for (Modality modality : run.modalities()) {
            if (modality.inAverage()) {
                cases += means.count(modality);
                failed += run.failed(modality);
                undefined += run.undefined(metric, modality);
            }
        }
        return new TableCell(
                100 * means.average(),
                Spread.low(interval),
                Spread.high(interval),
                Spread.printed(interval),
                cases,
                means.groups(),
                failed,
                undefined,
                "");
    }

    /**
     * Without its rank, which hangs on its neighbours.
     *
     * @param counted whether to say of how many cases
     */
    String printed(boolean counted) {
        StringBuilder text = new StringBuilder(
                        Double.isNaN(percent) ? "undefined" : String.format(Locale.ROOT, "%.2f", percent))
                .append(spread);
        if (counted && cases >= 0) {
            text.append(" n=").append(cases);
        }
        if (counted && groups < cases) {
            text.append(" in ").append(groups).append(" groups");
        }
        if (failed > 0) {
            text.append(", ").append(failed).append(" failed");
        }
        if (undefined > 0) {
            text.append(", ").append(undefined).append(" undefined");
        }
        return text.append(Mark.printed(printedMark)).toString();
    }

    /** What of it is printed, as a whole number. */
    long hundredths() {
        return Math.round(percent * 100);
    }
}
