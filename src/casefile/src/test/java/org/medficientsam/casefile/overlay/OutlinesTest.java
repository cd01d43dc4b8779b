package org.medficientsam.casefile.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.LabelMap;

class OutlinesTest {
    /** One character per pixel: a digit is a label, a dot is background. */
    private static LabelMap draw(String... rows) {
        String all = String.join("", rows);
        short[] labels = new short[all.length()];
        for (int i = 0; i < labels.length; i++) labels[i] = (short) Math.max(0, Character.digit(all.charAt(i), 10));
        return LabelMap.adopt(labels, 1, rows.length, rows[0].length(), false);
    }

    private static Path2D of(Map<Integer, Path2D> outlines, int label) {
        return outlines.getOrDefault(label, new Path2D.Double());
    }

    private static int curves(Path2D path) {
        int curves = 0;
        for (PathIterator i = path.getPathIterator(null); !i.isDone(); i.next())
            if (i.currentSegment(new double[6]) == PathIterator.SEG_CLOSE) curves++;
        return curves;
    }

    @Test
    void outlineRunsAroundItsPixels() {
        Map<Integer, Path2D> outlines = Outlines.of(
                draw(
                        ".....", //
                        ".111.", ".111.", ".....", "....2"),
                0);
        assertThat(outlines.keySet()).containsExactly(1, 2);
        assertThat(of(outlines, 1).getBounds2D()).isEqualTo(new Rectangle2D.Double(1, 1, 3, 2));
        assertThat(of(outlines, 2).getBounds2D()).isEqualTo(new Rectangle2D.Double(4, 4, 1, 1));
    }

    @Test
    void holesAndSeparatePartsHaveCurvesOfTheirOwn() {
        Map<Integer, Path2D> outlines = Outlines.of(
                draw(
                        "1111..2", //
                        "1..1...", "1..1..2", "1111.2."),
                0);
        assertThat(curves(of(outlines, 1))).isEqualTo(2);
        assertThat(curves(of(outlines, 2))).isEqualTo(3); // pixels that touch at a corner are apart
        assertThat(of(outlines, 1).contains(1.5, 1.5)).isFalse();
        assertThat(of(outlines, 1).contains(0.5, 1.5)).isTrue();
    }

    @Test
    void blankSliceHasNoOutline() {
        assertThat(Outlines.of(draw("...", "..."), 0)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyPixelCentreIsInsideTheOutlineOfItsLabelOnly(long seed) {
        Random random = new Random(seed);
        int height = 1 + random.nextInt(20);
        int width = 1 + random.nextInt(20);
        short[] labels = new short[2 * height * width];
        for (int i = 0; i < labels.length; i++) labels[i] = (short) random.nextInt(3);
        LabelMap map = LabelMap.adopt(labels, 2, height, width, true);

        Map<Integer, Path2D> outlines = Outlines.of(map, 1);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double centreX = x + 0.5;
                double centreY = y + 0.5;
                int[] around = IntStream.rangeClosed(1, 2)
                        .filter(label -> of(outlines, label).contains(centreX, centreY))
                        .toArray();
                int label = map.get(1, y, x);
                assertThat(around).isEqualTo(label == 0 ? new int[0] : new int[] {label});
            }
        }
    }
}
