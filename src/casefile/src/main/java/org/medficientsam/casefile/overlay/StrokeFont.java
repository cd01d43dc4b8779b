package org.medficientsam.casefile.overlay;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.util.Map;

/**
 * Digits and the few letters of a picture, as strokes. The JDK's own fonts need fontconfig, which serverless and container images
 * lack, and look different on every machine.
 */
public final class StrokeFont {
    /** Strokes as pairs of digits x y: x from 0 to 4; y from 0 (top) over 2 (small letters) and 6 (baseline) to 8. */
    private static final Map<Character, String> GLYPHS = Map.ofEntries(
            Map.entry('0', "10 30 41 45 36 16 05 01 10"),
            Map.entry('1', "11 20 26"),
            Map.entry('2', "01 10 30 41 42 06 46"),
            Map.entry('3', "00 40 22 32 43 45 36 16 05"),
            Map.entry('4', "36 30 04 44"),
            Map.entry('5', "40 00 02 32 43 45 36 16 05"),
            Map.entry('6', "30 10 01 05 16 36 45 43 32 12 03"),
            Map.entry('7', "00 40 16"),
            Map.entry('8', "10 30 41 42 33 13 02 01 10,13 04 05 16 36 45 44 33"),
            Map.entry('9', "43 34 14 03 01 10 30 41 45 36 16"),
            Map.entry('=', "02 42,04 44"),
            Map.entry('b', "00 06,03 12 32 43 45 36 16 05"),
            Map.entry('c', "43 32 12 03 05 16 36 45"),
            Map.entry('d', "40 46,43 32 12 03 05 16 36 45"),
            Map.entry('e', "04 44 43 32 12 03 05 16 36 45"),
            Map.entry('g', "42 47 38 18 07,43 32 12 03 05 16 36 45"),
            Map.entry('h', "00 06,03 12 32 43 46"),
            Map.entry('i', "22 26,20 20"),
            Map.entry('n', "02 06,03 12 32 43 46"),
            Map.entry('o', "12 32 43 45 36 16 05 03 12"),
            Map.entry('p', "02 08,03 12 32 43 45 36 16 05"),
            Map.entry('r', "02 06,03 12 32"),
            Map.entry('t', "10 15 26 36,02 32"),
            Map.entry('u', "02 05 16 36 45,42 46"),
            Map.entry('x', "02 46,42 06"),
            Map.entry('z', "02 42 06 46"),
            Map.entry(' ', ""));

    private static final int WIDTH = 4;
    private static final double ADVANCE = 5.6;
    private static final int HEIGHT = 6;

    private StrokeFont() {}

    /** @param height of a digit, in pixels */
    static double width(String text, double height) {
        return (text.length() * ADVANCE - (ADVANCE - WIDTH)) * height / HEIGHT;
    }

    /** Draws in the current colour with (x, y) at the upper left corner of the first digit. */
    static void draw(Graphics2D graphics, String text, double x, double y, double height) {
        double unit = height / HEIGHT;
        Path2D path = new Path2D.Double();
        for (int i = 0; i < text.length(); i++) {
            String glyph = GLYPHS.get(text.charAt(i));
            if (glyph == null) throw new IllegalArgumentException("no glyph for '" + text.charAt(i) + "'");
            if (!glyph.isEmpty()) add(path, glyph, x + i * ADVANCE * unit, y, unit);
        }
        graphics.setStroke(new BasicStroke((float) unit, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(path);
    }

    private static void add(Path2D path, String glyph, double x, double y, double unit) {
        for (String stroke : glyph.split(",")) {
            boolean first = true;
            for (String point : stroke.split(" ")) {
                double px = x + (point.charAt(0) - '0') * unit;
                double py = y + (point.charAt(1) - '0') * unit;
                if (first) path.moveTo(px, py);
                else path.lineTo(px, py);
                first = false;
            }
        }
    }
}
