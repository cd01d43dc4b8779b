package org.medficientsam.eval.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.metric.Metric;
import org.medficientsam.eval.report.table.ModalityMeans;
import org.medficientsam.eval.report.table.ScoredRun;
import org.medficientsam.eval.statistics.BootstrapInterval;

/** Case by case and on average: how one metric came out, modality by modality, run by run. */
final class ScoreChart {

    /** Of more cases than that, dots would be a smear and a large file. */
    private static final int MOST_DOTS = 60;

    private ScoreChart() {}

    /** A row per modality: cases, their mean, and its interval where there are cases enough for one. */
    static Block of(List<ScoredRun> runs, Metric metric) {
        List<Modality> rows = runs.stream()
                .flatMap(run -> run.modalities().stream())
                .distinct()
                .sorted(Modality.TABLE_ORDER.reversed())
                .toList();
        XYIntervalSeriesCollection means = new XYIntervalSeriesCollection();
        XYIntervalSeriesCollection quartiles = new XYIntervalSeriesCollection();
        XYSeriesCollection cases = new XYSeriesCollection();
        for (int i = 0; i < runs.size(); i++) {
            XYIntervalSeries mean = new XYIntervalSeries(runs.get(i).label());
            XYIntervalSeries middle = new XYIntervalSeries(runs.get(i).label());
            XYSeries single = new XYSeries(runs.get(i).label(), false);
            ModalityMeans figures = runs.get(i).means(metric);
            // One above the other within the modality's row, the first run on top.
            double offset = ((runs.size() - 1) / 2.0 - i) * Math.min(0.22, 0.8 / runs.size());
            for (int row = 0; row < rows.size(); row++) {
                double at = row + offset;
                addMean(mean, at, figures, rows.get(row));
                addCases(middle, single, at, figures.figures(rows.get(row)));
            }
            means.addSeries(mean);
            quartiles.addSeries(middle);
            cases.addSeries(single);
        }
        String[] names = rows.stream().map(Modality::label).toArray(String[]::new);
        SymbolAxis modality = new SymbolAxis("", names);
        modality.setGridBandsVisible(false);
        NumberAxis percent = new NumberAxis(metric + ", %");
        // Room beyond both ends, so that no mark is cut.
        percent.setRange(-3, 103);
        XYPlot plot = new XYPlot(means, modality, percent, meansRenderer(runs.size()));
        plot.setDataset(1, cases);
        plot.setRenderer(1, casesRenderer(runs.size()));
        plot.setDataset(2, quartiles);
        plot.setRenderer(2, quartilesRenderer(runs.size()));
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        int height = 110 + rows.size() * Math.max(34, 18 * runs.size());
        return PlotStyle.picture(
                plot,
                metric.name().toLowerCase(Locale.ROOT),
                "%s: cases (faint; of more than %d their quartiles), mean per modality, 95 %% interval of the mean from %d cases on"
                        .formatted(metric, MOST_DOTS, BootstrapInterval.FEWEST),
                height);
    }

    private static void addMean(XYIntervalSeries mean, double at, ModalityMeans figures, Modality modality) {
        if (figures.count(modality) > 0) {
            double middle = 100 * figures.mean(modality);
            Optional<BootstrapInterval> interval = figures.interval(modality);
            mean.add(
                    at,
                    at,
                    at,
                    middle,
                    interval.map(bounds -> 100 * bounds.low()).orElse(middle),
                    interval.map(bounds -> 100 * bounds.high()).orElse(middle));
        }
    }

    private static void addCases(XYIntervalSeries quartiles, XYSeries single, double at, double... values) {
        if (values.length > MOST_DOTS) {
            Arrays.sort(values);
            double low = 100 * values[values.length / 4];
            double high = 100 * values[values.length * 3 / 4];
            quartiles.add(at, at, at, 100 * values[values.length / 2], low, high);
        } else {
            for (double value : values) {
                single.add(at, 100 * value);
            }
        }
    }

    private static XYErrorRenderer meansRenderer(int runs) {
        XYErrorRenderer renderer = new XYErrorRenderer();
        renderer.setDrawXError(false);
        renderer.setErrorStroke(new BasicStroke(1.8f));
        for (int i = 0; i < runs; i++) {
            renderer.setSeriesPaint(i, PlotStyle.colour(i));
            renderer.setSeriesShape(i, PlotStyle.shape(i, 4.5));
        }
        return renderer;
    }

    private static XYLineAndShapeRenderer casesRenderer(int runs) {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
        renderer.setDrawOutlines(false);
        renderer.setDefaultSeriesVisibleInLegend(false);
        for (int i = 0; i < runs; i++) {
            renderer.setSeriesPaint(i, faint(i));
            renderer.setSeriesShape(i, new Ellipse2D.Double(-2.5, -2.5, 5, 5));
        }
        return renderer;
    }

    private static XYErrorRenderer quartilesRenderer(int runs) {
        XYErrorRenderer renderer = new XYErrorRenderer();
        renderer.setDrawXError(false);
        renderer.setCapLength(0);
        renderer.setErrorStroke(new BasicStroke(6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
        renderer.setDefaultSeriesVisibleInLegend(false);
        renderer.setDefaultShapesVisible(false);
        for (int i = 0; i < runs; i++) {
            renderer.setSeriesPaint(i, faint(i));
        }
        return renderer;
    }

    private static Color faint(int run) {
        Color full = PlotStyle.colour(run);
        return new Color(full.getRed(), full.getGreen(), full.getBlue(), 90);
    }
}
