package org.medficientsam.eval.report.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.run.CaseRow;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** A row per case with every run's scores beside one another. Differences are taken from the first run. */
public final class CaseTable {

    /**
     * One case.
     *
     * @param name without {@code .npz}
     * @param dsc and {@code nsd}: per run in percent; NaN where undefined or where the run does not have the case
     * @param failed names of runs it failed in
     * @param picture below the report's folder; null where none was drawn
     * @param thumbnail a small JPEG of the same; null where none was drawn
     */
    public record Row(
            String name,
            String modality,
            String dims,
            List<Double> dsc,
            List<Double> nsd,
            List<String> failed,
            @Nullable String picture,
            byte @Nullable [] thumbnail) {

        /** How far the runs lie apart in DSC; 0 for a single run. */
        double spread() {
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            for (double value : dsc) {
                if (!Double.isNaN(value)) {
                    least = Math.min(least, value);
                    most = Math.max(most, value);
                }
            }
            return most > least ? most - least : 0;
        }
    }

    private final List<String> runs;
    private final List<Row> rows;

    private CaseTable(List<String> runs, List<Row> rows) {
        this.runs = runs;
        this.rows = rows;
    }

    /** @param pictures by case name with {@code .npz} */
    public static CaseTable of(List<ScoredRun> runs, Map<String, CasePictures.Drawn> pictures) {
        TreeSet<String> names = new TreeSet<>();
        runs.forEach(run -> names.addAll(run.rows().keySet()));
        Map<String, CaseRow> facts = new TreeMap<>();
        runs.forEach(run -> run.rows().forEach(facts::putIfAbsent));
        List<Row> rows = new ArrayList<>();
        for (String name : names) {
            CasePictures.Drawn drawn = pictures.get(name);
            CaseRow fact = facts.get(name);
            rows.add(new Row(
                    name.replaceFirst("\\.npz$", ""),
                    fact == null ? "" : fact.modality().label(),
                    fact == null ? "" : fact.dims(),
                    runs.stream()
                            .map(run -> 100 * run.dsc().getOrDefault(name, Double.NaN))
                            .toList(),
                    runs.stream()
                            .map(run -> 100 * run.nsd().getOrDefault(name, Double.NaN))
                            .toList(),
                    runs.stream()
                            .filter(run -> run.failures().stream()
                                    .anyMatch(row -> row.name().equals(name)))
                            .map(ScoredRun::label)
                            .toList(),
                    drawn == null ? null : drawn.file(),
                    drawn == null ? null : drawn.thumbnail()));
        }
        return new CaseTable(runs.stream().map(ScoredRun::label).toList(), rows);
    }

    /** Labels of the runs, in their order. */
    public List<String> runs() {
        return runs;
    }

    /** A row per case. */
    public List<Row> rows() {
        return rows;
    }

    /** The cases in which the runs lie furthest apart, or of a single run the worst. */
    public Table most(int count) {
        Comparator<Row> order = runs.size() > 1
                ? Comparator.comparingDouble(Row::spread).reversed()
                : Comparator.comparingDouble(row -> row.dsc.get(0));
        List<Row> shown = rows.stream()
                .sorted(order.thenComparing(Row::name))
                .limit(count)
                .toList();
        Table table = Table.create("cases")
                .addColumns(
                        StringColumn.create(
                                "Case", shown.stream().map(Row::name).toList()),
                        StringColumn.create(
                                "Modality", shown.stream().map(Row::modality).toList()));
        for (int i = 0; i < runs.size(); i++) {
            int run = i;
            table.addColumns(StringColumn.create(
                    "DSC " + runs.get(i),
                    shown.stream().map(row -> percent(row.dsc.get(run))).toList()));
        }
        for (int i = 1; i < runs.size(); i++) {
            int run = i;
            table.addColumns(StringColumn.create(
                    "%s − %s".formatted(runs.get(i), runs.get(0)),
                    shown.stream()
                            .map(row -> signed(row.dsc.get(run) - row.dsc.get(0)))
                            .toList()));
        }
        return table;
    }

    /** Every case and figure, for other programs. */
    public Table tidy() {
        TextTable table = new TextTable(
                "cases", List.of("case", "modality", "dims", "run", "dsc_percent", "nsd_percent", "failed"));
        for (Row row : rows) {
            for (int i = 0; i < runs.size(); i++) {
                String run = runs.get(i);
                table.add(List.of(
                        row.name,
                        row.modality,
                        row.dims,
                        run,
                        number(row.dsc.get(i)),
                        number(row.nsd.get(i)),
                        row.failed.contains(run) ? "failed" : ""));
            }
        }
        return table.table();
    }

    /** For a reader; a dash where there is none. */
    public static String percent(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.1f", value);
    }

    /** A difference for a reader. */
    public static String signed(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%+.1f", value);
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.2f", value);
    }
}
