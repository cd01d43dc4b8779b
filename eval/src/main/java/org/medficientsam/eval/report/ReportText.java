package org.medficientsam.eval.report;

import java.util.ArrayList;
import java.util.List;
import org.medficientsam.eval.metric.Metric;
import org.medficientsam.eval.metric.MetricProtocol;
import org.medficientsam.eval.report.table.Mark;
import org.medficientsam.eval.report.table.ScoredRun;
import org.medficientsam.eval.statistics.BootstrapInterval;
import org.medficientsam.eval.statistics.PermutationTest;

/** What stands below tables: how their figures were made. */
final class ReportText {

    static final String FIGURES =
            "Mean of n cases with its [%s]; of fewer than %d cases (the range of the cases) instead, as no bootstrap covers there."
                            .formatted(BootstrapInterval.NAME, BootstrapInterval.FEWEST)
                    + " Average is the unweighted mean of the unrounded modality means. A failed case counts as zero; an undefined"
                    + " figure is in no mean.";

    static final String MARKS = Mark.LEGEND;

    static final String METHODS =
            "† published, as printed: accuracy on the challenge's public validation set, run time and memory on an Intel"
                    + " i9-10900K. Other rows are runs of this report: DSC-R and NSD-R in percent, Average over modalities; run time is"
                    + " the mean wall time of a fresh process per case, memory the largest peak of one, 1 MB = 10⁶ bytes; both are given"
                    + " of such runs only. FLOPs are multiply-accumulates of encoder and decoder with one box.";

    static final String PUBLISHED =
            "† published, as printed. ʳ ᵇ: printed red or blue by the publisher; those marks follow no rule we could find. These"
                    + " columns are of another data set than the runs above, unless the runs are of that one.";

    static final String COMPARISON =
            "Paired by case. p: two-sided permutation test that swaps the runs case by case (exact up to 14 cases, 10,000 draws"
                    + " beyond); of modalities after Holm's correction over them, of the Average as it is. Intervals: "
                    + BootstrapInterval.NAME
                    + " of the differences, from " + BootstrapInterval.FEWEST
                    + " cases on. Equal: the same to four decimals.";

    static final String RANKS =
            "Order by Average DSC over the cases that all runs have a figure for; then in how many of 1,000 resamples of these cases"
                    + " (within modalities, the same for all runs) a run takes each rank. Equal averages share the better rank.";

    private ReportText() {}

    static String cases(List<ScoredRun> runs) {
        String outlines =
                "Pictures: outlines one pixel wide, ground truth blue, prediction orange, boxes yellow; all runs share crop,"
                        + " scale and grey values, which of CT are stretched to those round the objects.";
        return runs.size() > 1
                ? "Differences are from %s. The table of Markdown shows the cases in which runs lie furthest apart; all are in cases.csv. "
                                .formatted(runs.get(0).label())
                        + outlines
                : "The table of Markdown shows the lowest scores; all are in cases.csv. " + outlines;
    }

    /** What a section on methods has to say. */
    static List<String> methods(List<ScoredRun> runs) {
        List<String> texts = new ArrayList<>();
        runs.stream()
                .map(ScoredRun::protocol)
                .distinct()
                .map(MetricProtocol::describe)
                .forEach(texts::add);
        texts.add("Intervals: %s (Hesterberg 2015), 2,000 resamples within modalities, none of fewer than %d cases."
                .formatted(BootstrapInterval.NAME, BootstrapInterval.FEWEST));
        if (runs.size() > 1) {
            texts.add(
                    "Tests: paired permutation test of the mean difference, two-sided, significance at %s; per modality with"
                                    .formatted(PermutationTest.SIGNIFICANCE)
                            + " Holm's correction.");
        }
        texts.add(dependence(runs.get(0)));
        return texts;
    }

    private static String dependence(ScoredRun first) {
        String pattern = first.groups().pattern();
        return pattern == null
                ? "Cases are taken as independent of one another: where several are of one patient, intervals are too narrow and"
                        + " p-values too small; the data set's key group, or --group, tells which belong together."
                : "Cases in whose names the pattern "
                        + pattern
                        + " finds the same text are of one patient, volume or video: they are resampled and swapped as one, also where"
                        + " they are of several modalities.";
    }

    static String latexCaption(Metric metric, List<ScoredRun> runs) {
        ScoredRun first = runs.get(0);
        String groups = first.groups().pattern() == null
                ? ""
                : " Behind n, in brackets: how many patients, volumes or videos these cases are of.";
        return "%s in percent on %s (%d cases, protocol %s). %s%s"
                .formatted(metric, first.info().dataset().id(), first.rows().size(), first.protocol(), FIGURES, groups);
    }
}
