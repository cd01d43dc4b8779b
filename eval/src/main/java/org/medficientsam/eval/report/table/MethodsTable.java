package org.medficientsam.eval.report.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.metric.Metric;
import org.medficientsam.eval.target.ModelInfo;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * Method by method: size, accuracy, run time, memory. Published rows as printed; a run is a row whose accuracy stands in the -R
 * columns (reproduced here). Its run time and memory are given only where measured as the published ones: a process per case.
 */
public final class MethodsTable {

    /** Behind the name of a method whose figures are as printed. */
    public static final String PUBLISHED_MARK = " †";

    private static final String NONE = "–";
    private static final List<String> COLUMNS = List.of(
            "Method",
            "Res.",
            "Params",
            "FLOPs",
            "DSC",
            "NSD",
            "DSC-R",
            "NSD-R",
            "2D Runtime",
            "3D Runtime",
            "2D Memory",
            "3D Memory");

    private MethodsTable() {}

    /** Published methods, then the runs. */
    public static Table of(List<ScoredRun> runs) {
        TextTable table = new TextTable("methods", COLUMNS);
        for (Row row : Published.methods()) table.add(cells(row));
        for (ScoredRun run : runs) table.add(cells(run));
        return table.table();
    }

    private static List<String> cells(Row published) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < COLUMNS.size(); i++) {
            String cell = published.getString(i);
            cells.add(i == 0 ? cell + PUBLISHED_MARK : cell.equals("N/A") ? NONE : cell);
        }
        return cells;
    }

    private static List<String> cells(ScoredRun run) {
        ModelInfo model = run.info().model();
        boolean cold = run.isCold();
        return List.of(
                run.label(),
                model == null || model.inputSize() == null
                        ? NONE
                        : model.inputSize().toString(),
                scaled(model == null ? null : model.parameters(), 1e6, "M"),
                scaled(model == null ? null : model.macs(), 1e9, "G"),
                NONE,
                NONE,
                average(run, Metric.DSC),
                average(run, Metric.NSD),
                cold ? seconds(run.meanSeconds(false)) : NONE,
                cold ? seconds(run.meanSeconds(true)) : NONE,
                cold ? megabytes(run.largestPeakBytes(false)) : NONE,
                cold ? megabytes(run.largestPeakBytes(true)) : NONE);
    }

    private static String scaled(@Nullable Long count, double unit, String suffix) {
        return count == null ? NONE : format("%.2f%s", count / unit, suffix);
    }

    private static String average(ScoredRun run, Metric metric) {
        double average = run.means(metric).average();
        return Double.isNaN(average) ? NONE : format("%.2f", 100 * average);
    }

    private static String seconds(OptionalDouble mean) {
        return mean.isPresent() ? format("%.1fs", mean.getAsDouble()) : NONE;
    }

    private static String megabytes(OptionalDouble bytes) {
        return bytes.isPresent() ? format("%.0fMB", bytes.getAsDouble() / 1e6) : NONE;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
