package org.medficientsam.eval.report.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.metric.Metric;
import org.medficientsam.eval.metric.MetricProtocol;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Target by target, a DSC and an NSD column per method or run. Figures are in percent. Best and second best of a row are
 * marked among columns of one data set and protocol, if there are at least two: across data sets nothing is better or worse.
 */
public final class ModalityTable {

    /** What the mean of the modality means is called. */
    public static final String AVERAGE = "Average";

    /**
     * A column pair.
     *
     * @param comparable what columns must share to be ranked together
     * @param isPublished whether somebody else printed it
     */
    private record Method(String name, String comparable, boolean isPublished, Map<String, TableCell> cells) {}

    private final List<String> targets;
    private final List<Method> methods;

    private ModalityTable(List<String> targets, List<Method> methods) {
        this.targets = targets;
        this.methods = methods;
    }

    /** Of the runs, with what was published beside them. */
    public static ModalityTable of(List<ScoredRun> runs) {
        List<Method> methods = new ArrayList<>();
        TreeSet<Modality> extra = new TreeSet<>(Modality.TABLE_ORDER);
        for (ScoredRun run : runs) {
            if (!run.dsc().isEmpty()) {
                methods.add(measured(run));
                run.dsc().keySet().stream()
                        .map(run::modality)
                        .filter(modality -> !modality.inAverage())
                        .forEach(extra::add);
            }
        }
        Published.modalities().forEach((name, cells) -> methods.add(published(name, cells)));
        List<String> targets = new ArrayList<>();
        Modality.CHALLENGE.forEach(modality -> targets.add(modality.label()));
        targets.add(AVERAGE);
        extra.forEach(modality -> targets.add(modality.label()));
        return new ModalityTable(targets, methods);
    }

    private static Method published(String name, Map<String, Published.Cell> printed) {
        Map<String, TableCell> cells = new LinkedHashMap<>();
        printed.forEach((key, cell) -> cells.put(key, TableCell.of(cell)));
        return new Method(
                name + MethodsTable.PUBLISHED_MARK,
                comparable(Published.DATASET, MetricProtocol.CVPR24.toString()),
                true,
                cells);
    }

    private static Method measured(ScoredRun run) {
        Map<String, TableCell> cells = new LinkedHashMap<>();
        for (Metric metric : Metric.values()) {
            for (Modality modality : run.modalities()) {
                cells.put(key(modality.label(), metric), TableCell.of(run, metric, modality));
            }
            if (run.means(metric).modalitiesInAverage() > 0) {
                cells.put(key(AVERAGE, metric), TableCell.average(run, metric));
            }
        }
        return new Method(run.label(), comparable(run.info().dataset().id(), run.protocol()), false, cells);
    }

    private static String comparable(String dataset, String protocol) {
        return dataset + "/" + protocol;
    }

    private static String key(String target, Metric metric) {
        return target + " " + metric;
    }

    /** Rows are targets, columns the runs of the report. */
    public Table measured() {
        return wide(
                "modalities",
                targets.stream().filter(this::isMeasured).toList(),
                methods.stream().filter(method -> !method.isPublished).toList());
    }

    /**
     * One metric of the runs, narrow enough for a page: rows are targets, then how many cases the figures are of, then a column per
     * run. Where runs differ in the number of cases, it stands beside each figure.
     */
    public Table forPaper(Metric metric) {
        List<Method> runs =
                methods.stream().filter(method -> !method.isPublished).toList();
        List<String> rows = targets.stream().filter(this::isMeasured).toList();
        List<String> counts =
                rows.stream().map(target -> commonCount(runs, target, metric)).toList();
        Table table = Table.create(metric.toString())
                .addColumns(StringColumn.create("Target", rows), StringColumn.create("n", counts));
        for (Method run : runs) {
            StringColumn column = StringColumn.create(run.name);
            for (int row = 0; row < rows.size(); row++) {
                column.append(print(run, rows.get(row), metric, counts.get(row).isEmpty()));
            }
            table.addColumns(column);
        }
        return table;
    }

    /** Cases, in brackets the groups that they are of; empty if runs differ. */
    private static String commonCount(List<Method> runs, String target, Metric metric) {
        List<String> counts = runs.stream()
                .map(run -> run.cells.get(key(target, metric)))
                .filter(Objects::nonNull)
                .map(cell -> cell.groups() < cell.cases()
                        ? "%d (%d)".formatted(cell.cases(), cell.groups())
                        : Integer.toString(cell.cases()))
                .distinct()
                .toList();
        return counts.size() == 1 ? counts.get(0) : "";
    }

    /** Rows are targets, columns what others printed. */
    public Table published() {
        List<Method> printed = methods.stream().filter(Method::isPublished).toList();
        return wide(
                "published",
                targets.stream()
                        .filter(target ->
                                printed.stream().anyMatch(method -> method.cells.containsKey(key(target, Metric.DSC))))
                        .toList(),
                printed);
    }

    private boolean isMeasured(String target) {
        return methods.stream()
                .anyMatch(method -> !method.isPublished && method.cells.containsKey(key(target, Metric.DSC)));
    }

    private Table wide(String name, List<String> rows, List<Method> columns) {
        Table table = Table.create(name).addColumns(StringColumn.create("Target", rows));
        for (Metric metric : Metric.values()) {
            for (Method method : columns) {
                StringColumn column = StringColumn.create(metric + " " + method.name);
                rows.forEach(target -> column.append(print(method, target, metric, true)));
                table.addColumns(column);
            }
        }
        return table;
    }

    /** @param counted whether to say of how many cases */
    private String print(Method method, String target, Metric metric, boolean counted) {
        @Nullable TableCell cell = method.cells.get(key(target, metric));
        if (cell == null) {
            return "–";
        }
        return cell.printed(counted) + rank(method, target, metric, cell);
    }

    /** By printed value, so that no mark contradicts what a reader sees: equal figures share a mark. */
    private String rank(Method method, String target, Metric metric, TableCell cell) {
        List<Long> distinct = methods.stream()
                .filter(other -> other.comparable.equals(method.comparable))
                .map(other -> other.cells.get(key(target, metric)))
                .filter(other -> other != null && !Double.isNaN(other.percent()))
                .map(TableCell::hundredths)
                .toList();
        if (distinct.size() < 2) {
            return "";
        }
        List<Long> ranking =
                distinct.stream().distinct().sorted(Comparator.reverseOrder()).toList();
        return Mark.rank(ranking.indexOf(cell.hundredths()));
    }

    /** A row per figure, for other programs. */
    public Table tidy() {
        TextTable table = new TextTable(
                "modalities",
                List.of(
                        "target",
                        "method",
                        "metric",
                        "percent",
                        "low95",
                        "high95",
                        "n",
                        "groups",
                        "failed",
                        "undefined",
                        "printed_mark",
                        "rank"));
        for (String target : targets) {
            for (Method method : methods) {
                for (Metric metric : Metric.values()) {
                    @Nullable TableCell cell = method.cells.get(key(target, metric));
                    if (cell != null) {
                        table.add(cells(target, method, metric, cell));
                    }
                }
            }
        }
        return table.table();
    }

    private List<String> cells(String target, Method method, Metric metric, TableCell cell) {
        String rank = rank(method, target, metric, cell);
        return List.of(
                target,
                method.name,
                metric.toString(),
                number(cell.percent()),
                number(cell.low()),
                number(cell.high()),
                cell.cases() < 0 ? "" : Integer.toString(cell.cases()),
                cell.cases() < 0 ? "" : Integer.toString(cell.groups()),
                cell.cases() < 0 ? "" : Integer.toString(cell.failed()),
                cell.cases() < 0 ? "" : Integer.toString(cell.undefined()),
                cell.printedMark(),
                rank.equals(Mark.BEST) ? "best" : rank.equals(Mark.SECOND) ? "second" : "");
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.4f", value);
    }
}
