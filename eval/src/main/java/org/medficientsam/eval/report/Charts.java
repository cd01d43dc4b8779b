package org.medficientsam.eval.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Rectangle;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.BoxAndWhiskerRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.statistics.DefaultBoxAndWhiskerCategoryDataset;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.svg.SVGGraphics2D;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.metric.Metric;
import org.medficientsam.eval.statistics.BootstrapInterval;

/** The plots of a report, each an SVG. */
final class Charts {

    private static final int WIDTH = 860;
    private static final int HEIGHT = 420;
    private static final long SEED = 1;
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    private static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final Color GRID = new Color(0xd8dde3);

    /** Okabe and Ito: told apart by colour-blind readers too. */
    private static final List<Color> PALETTE = List.of(
            new Color(0x0072b2),
            new Color(0xd55e00),
            new Color(0x009e73),
            new Color(0xcc79a7),
            new Color(0xe69f00),
            new Color(0x56b4e9),
            new Color(0x5b6470));

    private Charts() {}

    static List<Block> of(List<ScoredRun> runs) {
        if (!hasFonts()) {
            return List.of(new Block.Paragraph("Left out: this Java finds no fonts (install fontconfig and a font)."));
        }
        List<Block> charts = new ArrayList<>();
        List<ScoredRun> scored =
                runs.stream().filter(run -> !run.dsc().isEmpty()).toList();
        if (!scored.isEmpty()) {
            for (Metric metric : Metric.values()) {
                charts.add(modalities(scored, metric));
            }
            charts.add(spread(scored));
            charts.add(timeAgainstAccuracy(runs));
        }
        if (runs.stream().anyMatch(ScoredRun::isCold)) {
            charts.add(memory(runs));
        }
        return charts;
    }

    /** Java on a bare server has none, and says so with whatever error comes first. */
    private static boolean hasFonts() {
        try {
            BufferedImage any = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
            return any.createGraphics().getFontMetrics(TEXT).stringWidth("DSC") > 0;
        } catch (RuntimeException | LinkageError | InternalError none) {
            return false;
        }
    }

    private static Block modalities(List<ScoredRun> runs, Metric metric) {
        XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
        for (int i = 0; i < runs.size(); i++) {
            XYIntervalSeries series = new XYIntervalSeries(runs.get(i).label());
            ModalityMeans means = runs.get(i).means(metric);
            // Side by side within the modality's slot.
            double offset = (i - (runs.size() - 1) / 2.0) * Math.min(0.16, 0.7 / runs.size());
            for (int slot = 0; slot < Modality.CHALLENGE.size(); slot++) {
                Modality modality = Modality.CHALLENGE.get(slot);
                if (means.count(modality) > 0) {
                    double mean = 100 * means.mean(modality);
                    Optional<BootstrapInterval> interval = means.interval(modality, SEED);
                    double low = interval.map(bounds -> 100 * bounds.low()).orElse(mean);
                    double high = interval.map(bounds -> 100 * bounds.high()).orElse(mean);
                    series.add(slot + offset, slot + offset, slot + offset, mean, low, high);
                }
            }
            data.addSeries(series);
        }
        XYErrorRenderer renderer = new XYErrorRenderer();
        renderer.setDrawXError(false);
        renderer.setErrorStroke(new BasicStroke(1.6f));
        for (int i = 0; i < runs.size(); i++) {
            renderer.setSeriesPaint(i, colour(i));
            renderer.setSeriesShape(i, new Ellipse2D.Double(-4, -4, 8, 8));
        }
        String[] names = Modality.CHALLENGE.stream().map(Modality::label).toArray(String[]::new);
        SymbolAxis modality = new SymbolAxis("", names);
        modality.setGridBandsVisible(false);
        return picture(
                new XYPlot(data, modality, percent(metric + ", %"), renderer),
                metric.name().toLowerCase(Locale.ROOT),
                "Mean %s per modality, with 95 %% bootstrap interval of the mean".formatted(metric));
    }

    private static Block spread(List<ScoredRun> runs) {
        DefaultBoxAndWhiskerCategoryDataset data = new DefaultBoxAndWhiskerCategoryDataset();
        for (ScoredRun run : runs) {
            for (Modality modality : Modality.CHALLENGE) {
                List<Double> values = run.dsc().entrySet().stream()
                        .filter(entry -> run.modality(entry.getKey()).equals(modality))
                        .map(Map.Entry::getValue)
                        .filter(value -> !value.isNaN())
                        .map(value -> 100 * value)
                        .toList();
                if (!values.isEmpty()) {
                    data.add(values, run.label(), modality.label());
                }
            }
        }
        BoxAndWhiskerRenderer renderer = new BoxAndWhiskerRenderer();
        renderer.setMeanVisible(false);
        renderer.setMaximumBarWidth(0.06);
        renderer.setUseOutlinePaintForWhiskers(true);
        for (int i = 0; i < runs.size(); i++) {
            renderer.setSeriesPaint(i, colour(i));
            renderer.setSeriesOutlinePaint(i, colour(i).darker());
        }
        CategoryAxis modality = new CategoryAxis();
        return picture(
                new CategoryPlot(data, modality, percent("DSC, %"), renderer),
                "spread",
                "DSC of the cases: median, quartiles, and whiskers to 1.5 quartile distances");
    }

    private static Block timeAgainstAccuracy(List<ScoredRun> runs) {
        XYSeriesCollection data = new XYSeriesCollection();
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
        int published = data.getSeriesCount();
        for (ScoredRun run : runs) {
            OptionalDouble seconds = run.meanSeconds(false);
            double average = run.means(Metric.DSC).average();
            if (run.isCold() && seconds.isPresent() && !Double.isNaN(average)) {
                add(data, run.label() + " (" + run.info().dataset().id() + ")", seconds.getAsDouble(), 100 * average);
            }
        }
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
        for (int i = 0; i < data.getSeriesCount(); i++) {
            boolean ours = i >= published;
            double radius = ours ? 6 : 4.5;
            renderer.setSeriesPaint(i, colour(ours ? i - published : i + runs.size()));
            renderer.setSeriesShape(
                    i,
                    ours
                            ? new Ellipse2D.Double(-radius, -radius, 2 * radius, 2 * radius)
                            : new Rectangle2D.Double(-radius, -radius, 2 * radius, 2 * radius));
        }
        NumberAxis seconds = new NumberAxis("seconds per image, a process for each");
        seconds.setAutoRangeIncludesZero(true);
        seconds.setUpperMargin(0.1);
        NumberAxis accuracy = new NumberAxis("Average DSC, %");
        accuracy.setAutoRangeIncludesZero(false);
        accuracy.setAutoRangeMinimumSize(20);
        return picture(
                new XYPlot(data, seconds, accuracy, renderer),
                "time",
                "Run time of images against Average DSC. Published figures are of another machine and of the challenge's"
                        + " validation set");
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
        renderer.setSeriesPaint(0, colour(0));
        renderer.setSeriesPaint(1, colour(1));
        NumberAxis megabytes = new NumberAxis("peak memory, MB");
        return picture(
                new CategoryPlot(data, new CategoryAxis(), megabytes, renderer),
                "memory",
                "Largest peak of resident memory, one process per case; published figures as printed");
    }

    private static void addMegabytes(DefaultCategoryDataset data, String printed, String kind, String method) {
        if (printed.endsWith("MB")) {
            data.addValue(Double.parseDouble(printed.replace("MB", "")), kind, method);
        }
    }

    private static NumberAxis percent(String label) {
        NumberAxis axis = new NumberAxis(label);
        axis.setRange(0, 100);
        return axis;
    }

    private static Color colour(int index) {
        return PALETTE.get(index % PALETTE.size());
    }

    private static Block picture(XYPlot plot, String name, String caption) {
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(GRID);
        plot.setDomainGridlinePaint(GRID);
        plot.setOutlineVisible(false);
        for (var axis : List.of(plot.getDomainAxis(), plot.getRangeAxis())) {
            axis.setLabelFont(TEXT);
            axis.setTickLabelFont(SMALL);
        }
        return picture(new JFreeChart(null, TEXT, plot, true), name, caption);
    }

    private static Block picture(CategoryPlot plot, String name, String caption) {
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(GRID);
        plot.setOutlineVisible(false);
        plot.getDomainAxis().setTickLabelFont(SMALL);
        plot.getDomainAxis().setMaximumCategoryLabelLines(3);
        plot.getDomainAxis().setMaximumCategoryLabelWidthRatio(1.4f);
        plot.getRangeAxis().setLabelFont(TEXT);
        plot.getRangeAxis().setTickLabelFont(SMALL);
        return picture(new JFreeChart(null, TEXT, plot, true), name, caption);
    }

    private static Block picture(JFreeChart chart, String name, String caption) {
        chart.setBackgroundPaint(Color.WHITE);
        chart.getLegend().setItemFont(SMALL);
        chart.getLegend().setFrame(BlockBorder.NONE);
        // Without fixed names the identifiers in the file would differ from report to report.
        SVGGraphics2D svg = new SVGGraphics2D(WIDTH, HEIGHT);
        svg.setDefsKeyPrefix(name);
        chart.draw(svg, new Rectangle(WIDTH, HEIGHT));
        byte[] content = svg.getSVGElement().getBytes(StandardCharsets.UTF_8);
        return new Block.Picture("plots/" + name + ".svg", "image/svg+xml", caption, content);
    }
}
