package org.medficientsam.casefile.overlay;

import java.awt.geom.Path2D;
import java.util.Map;
import java.util.TreeMap;
import org.medficientsam.casefile.LabelMap;

/** Traces the outline of every label in one slice: closed curves along the cracks between pixels, corners rounded by half a pixel. */
public final class Outlines {
    /** East, south, west, north; the label is always to the right. */
    private static final int[] DX = {1, 0, -1, 0};

    private static final int[] DY = {0, 1, 0, -1};

    /** The pixel ahead on the right of a corner, relative to it; the one ahead on the left is that of the direction before. */
    private static final int[] RIGHT_X = {0, -1, -1, 0};

    private static final int[] RIGHT_Y = {0, 0, -1, -1};

    private final LabelMap labels;
    private final int z;
    private final boolean[] traced; // (H, W): the crack above this pixel belongs to a curve already
    private final Map<Integer, Path2D> byLabel = new TreeMap<>();

    private Outlines(LabelMap labels, int z) {
        this.labels = labels;
        this.z = z;
        this.traced = new boolean[labels.height() * labels.width()];
    }

    /** Outlines by label, in pixel units with (0, 0) at the outer corner of the first pixel. */
    static Map<Integer, Path2D> of(LabelMap labels, int z) {
        Outlines outlines = new Outlines(labels, z);
        for (int y = 0; y < labels.height(); y++) {
            for (int x = 0; x < labels.width(); x++) {
                int label = labels.get(z, y, x);
                // Every curve, also that of a hole, runs east above one of its label's pixels.
                if (label != 0 && !outlines.is(label, x, y - 1) && !outlines.traced[y * labels.width() + x])
                    outlines.trace(label, x, y);
            }
        }
        return outlines.byLabel;
    }

    private void trace(int label, int startX, int startY) {
        Path2D path = byLabel.computeIfAbsent(label, l -> new Path2D.Float(Path2D.WIND_EVEN_ODD));
        int x = startX;
        int y = startY;
        int direction = 0;
        path.moveTo(x + 0.5, y);
        do {
            if (direction == 0) traced[y * labels.width() + x] = true;
            x += DX[direction];
            y += DY[direction];
            int left = (direction + 3) % 4;
            int next = direction;
            if (!is(label, x + RIGHT_X[direction], y + RIGHT_Y[direction])) next = (direction + 1) % 4;
            else if (is(label, x + RIGHT_X[left], y + RIGHT_Y[left])) next = left;
            if (next != direction) {
                path.lineTo(x - DX[direction] / 2.0, y - DY[direction] / 2.0);
                path.quadTo(x, y, x + DX[next] / 2.0, y + DY[next] / 2.0);
            }
            direction = next;
        } while (x != startX || y != startY || direction != 0);
        path.closePath();
    }

    private boolean is(int label, int x, int y) {
        return x >= 0 && y >= 0 && x < labels.width() && y < labels.height() && labels.get(z, y, x) == label;
    }
}
