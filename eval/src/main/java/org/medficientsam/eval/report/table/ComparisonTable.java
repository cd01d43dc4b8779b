package org.medficientsam.eval.report.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.medficientsam.eval.statistics.BootstrapInterval;
import org.medficientsam.eval.statistics.PermutationTest;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Comparisons in words for a summary, and as a table. */
public final class ComparisonTable {

    private ComparisonTable() {}

    /** What a reader wants to know first: one sentence over all, one on the modalities. */
    static List<String> sentences(Comparison comparison) {
        List<String> sentences = new ArrayList<>();
        boolean one = comparison.average().isEmpty() && comparison.modalities().size() == 1;
        if (one) {
            // Cases whose names tell no modality of the challenge: what there is of an average is the mean of all.
            return List.of(overall(comparison, comparison.modalities().get(0), "Mean difference"));
        }
        comparison.average().ifPresent(row -> sentences.add(overall(comparison, row, "Average of modalities")));
        List<String> apart = comparison.modalities().stream()
                .filter(Comparison.Row::isSeparable)
                .map(row -> String.format(Locale.ROOT, "%s (%+.1f)", row.target(), 100 * row.difference()))
                .toList();
        if (!apart.isEmpty() || (comparison.average().isEmpty() && !comparison.isIdentical())) {
            sentences.add("%s by modality, %s minus %s, p < %s after Holm's correction: %s."
                    .formatted(
                            comparison.metric(),
                            comparison.first().label(),
                            comparison.second().label(),
                            PermutationTest.SIGNIFICANCE,
                            apart.isEmpty() ? "none is separable" : String.join(", ", apart)));
        }
        return sentences;
    }

    private static String overall(Comparison comparison, Comparison.Row row, String what) {
        String verdict = comparison.isIdentical()
                ? "every case scores the same"
                : row.isSeparable() ? row.difference() > 0 ? "higher" : "lower" : "not separable";
        return String.format(
                Locale.ROOT,
                "%s, %s against %s: %s. %s %+.2f points%s, p = %.4f, n = %s; %d cases higher, %d equal, %d lower%s.",
                comparison.metric(),
                comparison.first().label(),
                comparison.second().label(),
                verdict,
                what,
                100 * row.difference(),
                interval(row.interval()),
                row.pValue(),
                count(row),
                row.cases().wins(),
                row.cases().ties(),
                row.cases().losses(),
                comparison.unpaired() == 0
                        ? ""
                        : "; %d cases have a figure in one run only and are left out".formatted(comparison.unpaired()));
    }

    private static String count(Comparison.Row row) {
        return row.groups() < row.pairs()
                ? row.pairs() + " in " + row.groups() + " groups"
                : Integer.toString(row.pairs());
    }

    private static String interval(Optional<BootstrapInterval> interval) {
        return interval.map(bounds ->
                        String.format(Locale.ROOT, " [%+.1f, %+.1f]", 100 * bounds.low(), 100 * bounds.high()))
                .orElse("");
    }

    /** A row per target. */
    public static Table of(Comparison comparison) {
        List<Comparison.Row> rows = new ArrayList<>(comparison.modalities());
        comparison.average().ifPresent(rows::add);
        return Table.create("comparison")
                .addColumns(
                        column("Target", rows, Comparison.Row::target),
                        column("n", rows, row -> count(row)),
                        column("Difference", rows, row -> String.format(Locale.ROOT, "%+.2f", 100 * row.difference())),
                        column(
                                "95 % interval",
                                rows, row -> interval(row.interval()).strip()),
                        column("p", rows, row -> String.format(Locale.ROOT, "%.4f", row.pValue())),
                        column("Higher / equal / lower", rows, row -> row.cases()
                                .toString()));
    }

    private interface Cell {
        String of(Comparison.Row row);
    }

    private static StringColumn column(String name, List<Comparison.Row> rows, Cell cell) {
        return StringColumn.create(name, rows.stream().map(cell::of).collect(Collectors.toList()));
    }

    /** All comparisons, a row per pair, metric and target, for other programs. */
    public static Table tidy(List<Comparison> comparisons) {
        TextTable table = new TextTable(
                "comparisons",
                List.of(
                        "first",
                        "second",
                        "metric",
                        "target",
                        "n",
                        "groups",
                        "difference_percent",
                        "low95",
                        "high95",
                        "p",
                        "p_correction",
                        "higher",
                        "equal",
                        "lower"));
        for (Comparison comparison : comparisons) {
            List<Comparison.Row> rows = new ArrayList<>(comparison.modalities());
            comparison.average().ifPresent(rows::add);
            for (Comparison.Row row : rows) {
                boolean average = row.target().equals(ModalityTable.AVERAGE);
                table.add(List.of(
                        comparison.first().label(),
                        comparison.second().label(),
                        comparison.metric().toString(),
                        row.target(),
                        Integer.toString(row.pairs()),
                        Integer.toString(row.groups()),
                        number(100 * row.difference()),
                        row.interval().map(bounds -> number(100 * bounds.low())).orElse(""),
                        row.interval()
                                .map(bounds -> number(100 * bounds.high()))
                                .orElse(""),
                        String.format(Locale.ROOT, "%.6f", row.pValue()),
                        average ? "none" : "Holm",
                        Integer.toString(row.cases().wins()),
                        Integer.toString(row.cases().ties()),
                        Integer.toString(row.cases().losses())));
            }
        }
        return table.table();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
