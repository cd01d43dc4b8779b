package org.medficientsam.eval.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.metric.Metric;
import org.medficientsam.eval.metric.MetricProtocol;
import org.medficientsam.eval.statistics.BootstrapInterval;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Target by target, a DSC and an NSD column per method or run. Figures are in percent. Best and second best of a row are
 * marked among columns of one data set and protocol, if there are at least two: across data sets nothing is better or worse.
 */
public final class ModalityTable {

    static final String AVERAGE = "Average";

    /** Makes the resampling the same in every report. */
    private static final long SEED = 1;

    /**
     * A figure in its place.
     *
     * @param percent not rounded
     * @param low and {@code high}: 95 % interval in percent; NaN if there is none
     * @param cases how many it is the mean of; -1 where the publisher does not say
     * @param printedMark of the publisher: best, second or empty
     */
    record Cell(double percent, double low, double high, int cases, String printedMark) {}

    /** A column pair. @param comparable what columns must share to be ranked together */
    private record Method(String name, String comparable, Map<String, Cell> cells) {}

    private final List<String> targets;
    private final List<Method> methods;

    private ModalityTable(List<String> targets, List<Method> methods) {
        this.targets = targets;
        this.methods = methods;
    }

    static ModalityTable of(List<ScoredRun> runs) {
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
        Map<String, Cell> cells = new LinkedHashMap<>();
        printed.forEach(
                (key, cell) -> cells.put(key, new Cell(cell.percent(), Double.NaN, Double.NaN, -1, cell.mark())));
        return new Method(
                name + MethodsTable.PUBLISHED_MARK,
                comparable(Published.DATASET, MetricProtocol.CVPR24.toString()),
                cells);
    }

    private static Method measured(ScoredRun run) {
        Map<String, Cell> cells = new LinkedHashMap<>();
        for (Metric metric : Metric.values()) {
            ModalityMeans means = run.means(metric);
            run.dsc().keySet().stream().map(run::modality).distinct().forEach(modality -> {
                if (means.count(modality) > 0) {
                    cells.put(
                            key(modality.label(), metric),
                            cell(means.mean(modality), means.interval(modality, SEED), means.count(modality)));
                }
            });
            if (means.modalitiesInAverage() > 0) {
                int cases = Modality.CHALLENGE.stream().mapToInt(means::count).sum();
                cells.put(key(AVERAGE, metric), cell(means.average(), means.averageInterval(SEED), cases));
            }
        }
        return new Method(run.label(), comparable(run.info().dataset().id(), run.protocol()), cells);
    }

    private static Cell cell(double mean, Optional<BootstrapInterval> interval, int cases) {
        return new Cell(
                100 * mean,
                interval.map(bounds -> 100 * bounds.low()).orElse(Double.NaN),
                interval.map(bounds -> 100 * bounds.high()).orElse(Double.NaN),
                cases,
                "");
    }

    private static String comparable(String dataset, String protocol) {
        return dataset + "/" + protocol;
    }

    private static String key(String target, Metric metric) {
        return target + " " + metric;
    }

    /** As printed: rows are targets. */
    Table wide() {
        Table table = Table.create("modalities").addColumns(StringColumn.create("Target", targets));
        for (Method method : methods) {
            for (Metric metric : Metric.values()) {
                StringColumn column = StringColumn.create(method.name + " " + metric);
                targets.forEach(target -> column.append(print(method, target, metric)));
                table.addColumns(column);
            }
        }
        return table;
    }

    private String print(Method method, String target, Metric metric) {
        @Nullable Cell cell = method.cells.get(key(target, metric));
        if (cell == null) {
            return "–";
        }
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%.2f", cell.percent));
        if (!Double.isNaN(cell.low)) {
            text.append(String.format(Locale.ROOT, " [%.1f, %.1f]", cell.low, cell.high));
        }
        if (cell.cases >= 0) {
            text.append(" n=").append(cell.cases);
        }
        text.append(Mark.printed(cell.printedMark));
        return text.append(rank(method, target, metric, cell)).toString();
    }

    /** By printed value, so that no mark contradicts what a reader sees: equal figures share a mark. */
    private String rank(Method method, String target, Metric metric, Cell cell) {
        List<Long> distinct = methods.stream()
                .filter(other -> other.comparable.equals(method.comparable))
                .map(other -> other.cells.get(key(target, metric)))
                .filter(other -> other != null)
                .map(other -> hundredths(other))
                .toList();
        if (distinct.size() < 2) {
            return "";
        }
        List<Long> ranking =
                distinct.stream().distinct().sorted(Comparator.reverseOrder()).toList();
        return Mark.rank(ranking.indexOf(hundredths(cell)));
    }

    private static long hundredths(Cell cell) {
        return Math.round(cell.percent * 100);
    }

    /** A row per figure, for other programs. */
    Table tidy() {
        Table table = Table.create("modalities");
        for (String column :
                List.of("target", "method", "metric", "percent", "low95", "high95", "n", "printed_mark", "rank")) {
            table.addColumns(StringColumn.create(column));
        }
        for (String target : targets) {
            for (Method method : methods) {
                for (Metric metric : Metric.values()) {
                    @Nullable Cell cell = method.cells.get(key(target, metric));
                    if (cell != null) {
                        append(table, target, method, metric, cell);
                    }
                }
            }
        }
        return table;
    }

    private void append(Table table, String target, Method method, Metric metric, Cell cell) {
        String rank = rank(method, target, metric, cell);
        List<String> cells = List.of(
                target,
                method.name,
                metric.toString(),
                number(cell.percent),
                number(cell.low),
                number(cell.high),
                cell.cases < 0 ? "" : Integer.toString(cell.cases),
                cell.printedMark,
                rank.equals(Mark.BEST) ? "best" : rank.equals(Mark.SECOND) ? "second" : "");
        for (int i = 0; i < cells.size(); i++) {
            table.stringColumn(i).append(cells.get(i));
        }
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.4f", value);
    }
}
