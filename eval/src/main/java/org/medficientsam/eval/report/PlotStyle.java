package org.medficientsam.eval.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.util.ShapeUtils;
import org.jfree.svg.SVGGraphics2D;

/** How all plots of a report look: fit for a column of a paper, told apart in grey and by colour-blind readers. */
final class PlotStyle {

    /** Of a column of a paper, enlarged: text stays legible at that width. */
    private static final int WIDTH = 560;

    static final int HEIGHT = 340;
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

    private PlotStyle() {}

    /** Shapes too, for print in grey. */
    static Shape shape(int index, double radius) {
        return switch (index % 3) {
            case 0 -> new Ellipse2D.Double(-radius, -radius, 2 * radius, 2 * radius);
            case 1 -> new Rectangle2D.Double(-radius, -radius, 2 * radius, 2 * radius);
            default -> ShapeUtils.createUpTriangle((float) radius);
        };
    }

    /** Of a run, by its place in the report. */
    static Color colour(int index) {
        return PALETTE.get(index % PALETTE.size());
    }

    static Block picture(XYPlot plot, String name, String caption, int height) {
        plot.setDomainGridlinePaint(GRID);
        style(plot);
        for (var axis : List.of(plot.getDomainAxis(), plot.getRangeAxis())) {
            axis.setLabelFont(TEXT);
            axis.setTickLabelFont(SMALL);
        }
        plot.setRangeGridlinePaint(GRID);
        return picture(new JFreeChart(null, TEXT, plot, true), name, caption, height);
    }

    static Block picture(CategoryPlot plot, String name, String caption) {
        plot.setRangeGridlinePaint(GRID);
        style(plot);
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        plot.getDomainAxis().setTickLabelFont(SMALL);
        plot.getRangeAxis().setLabelFont(TEXT);
        plot.getRangeAxis().setTickLabelFont(SMALL);
        int categories = plot.getCategories().size();
        return picture(new JFreeChart(null, TEXT, plot, true), name, caption, 110 + 34 * categories);
    }

    private static void style(Plot plot) {
        plot.setBackgroundPaint(Color.WHITE);
        plot.setOutlineVisible(false);
    }

    private static Block picture(JFreeChart chart, String name, String caption, int height) {
        chart.setBackgroundPaint(Color.WHITE);
        chart.getLegend().setItemFont(SMALL);
        chart.getLegend().setFrame(BlockBorder.NONE);
        // Without fixed names the identifiers in the file would differ from report to report.
        SVGGraphics2D svg = new SVGGraphics2D(WIDTH, height);
        svg.setDefsKeyPrefix(name);
        chart.draw(svg, new Rectangle(WIDTH, height));
        return new Block.Plot("plots/" + name + ".svg", caption, svg.getSVGElement());
    }
}
