package org.medficientsam.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.medficientsam.eval.metric.Metric;
import org.medficientsam.eval.report.picture.Fonts;
import org.medficientsam.eval.report.table.MethodsTable;
import org.medficientsam.eval.report.table.Published;
import org.medficientsam.eval.report.table.ScoredRun;

/** The plots of a report, each an SVG. */
final class Charts {

    private Charts() {}

    static List<Block> of(List<ScoredRun> runs) {
        if (!Fonts.areThere()) {
            return List.of(new Block.Paragraph("Left out: this Java finds no fonts (install fontconfig and a font)."));
        }
        List<Block> charts = new ArrayList<>();
        List<ScoredRun> scored =
                runs.stream().filter(run -> !run.dsc().isEmpty()).toList();
        if (!scored.isEmpty()) {
            for (Metric metric : Metric.values()) {
                charts.add(ScoreChart.of(scored, metric));
            }
            time(runs).ifPresent(charts::add);
        }
        if (runs.stream().anyMatch(ScoredRun::isCold)) {
            charts.add(memory(runs));
        }
        return charts;
    }

    /** Empty if no run has a time that says something: cold runs, and served ones of one case at a time. */
    private static Optional<Block> time(List<ScoredRun> runs) {
        XYSeriesCollection data = new XYSeriesCollection();
        // Where times were taken from cold runs on purpose, a served one among them would mislead.
        boolean coldOnly = runs.stream().anyMatch(run -> run.times().isPresent());
        List<ScoredRun> timed = runs.stream()
                .filter(run -> run.isCold() || !coldOnly)
                .filter(run -> run.timing().info().parallel() == 1
                        && run.meanSeconds(false).isPresent()
                        && !Double.isNaN(run.means(Metric.DSC).average()))
                .toList();
        if (timed.isEmpty()) {
            return Optional.empty();
        }
        for (ScoredRun run : timed) {
            OptionalDouble seconds = run.meanSeconds(false);
            add(
                    data,
                    run.isCold() ? run.label() + " (a process per case)" : run.label() + " (served)",
                    seconds.orElse(0),
                    100 * run.means(Metric.DSC).average());
        }
        int own = data.getSeriesCount();
        // Published times are of fresh processes: beside served ones they would mislead.
        if (timed.stream().allMatch(ScoredRun::isCold)) {
            Published.methods().forEach(row -> {
                String time = row.getString("2D Runtime");
                if (time.endsWith("s")) {
                    add(
                            data,
                            row.getString("Method") + MethodsTable.PUBLISHED_MARK,
                            Double.parseDouble(time.replace("s", "")),
                            Double.parseDouble(row.getString("DSC")));
                }
            });
        }
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
        for (int i = 0; i < data.getSeriesCount(); i++) {
            renderer.setSeriesPaint(i, PlotStyle.colour(i));
            renderer.setSeriesShape(i, PlotStyle.shape(i < own ? 0 : 1, i < own ? 6 : 4.5));
        }
        NumberAxis seconds = new NumberAxis("seconds per image");
        seconds.setAutoRangeIncludesZero(true);
        seconds.setUpperMargin(0.1);
        NumberAxis accuracy = new NumberAxis("Average DSC, %");
        accuracy.setAutoRangeIncludesZero(false);
        accuracy.setAutoRangeMinimumSize(20);
        return Optional.of(PlotStyle.picture(
                new XYPlot(data, seconds, accuracy, renderer),
                "time",
                own < data.getSeriesCount()
                        ? "Mean run time of images against Average DSC; published figures (†) are of another machine and of"
                                + " the challenge's validation set"
                        : "Mean run time of images against Average DSC",
                PlotStyle.HEIGHT));
    }

    private static void add(XYSeriesCollection data, String name, double x, double y) {
        XYSeries series = new XYSeries(name);
        series.add(x, y);
        data.addSeries(series);
    }

    private static Block memory(List<ScoredRun> runs) {
        DefaultCategoryDataset data = new DefaultCategoryDataset();
        Published.methods().forEach(row -> {
            String method = row.getString("Method") + MethodsTable.PUBLISHED_MARK;
            addMegabytes(data, row.getString("2D Memory Usage"), "images", method);
            addMegabytes(data, row.getString("3D Memory Usage"), "volumes", method);
        });
        for (ScoredRun run : runs) {
            if (run.isCold()) {
                run.largestPeakBytes(false).ifPresent(bytes -> data.addValue(bytes / 1e6, "images", run.label()));
                run.largestPeakBytes(true).ifPresent(bytes -> data.addValue(bytes / 1e6, "volumes", run.label()));
            }
        }
        BarRenderer renderer = new BarRenderer();
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        renderer.setMaximumBarWidth(0.08);
        renderer.setSeriesPaint(0, PlotStyle.colour(0));
        renderer.setSeriesPaint(1, PlotStyle.colour(1));
        NumberAxis megabytes = new NumberAxis("peak memory, MB");
        return PlotStyle.picture(
                new CategoryPlot(data, new CategoryAxis(), megabytes, renderer),
                "memory",
                "Largest peak of resident memory, one process per case; published figures as printed");
    }

    private static void addMegabytes(DefaultCategoryDataset data, String printed, String kind, String method) {
        if (printed.endsWith("MB")) {
            data.addValue(Double.parseDouble(printed.replace("MB", "")), kind, method);
        }
    }
}
