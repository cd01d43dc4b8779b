package org.medficientsam.eval.dataset;

import java.util.Arrays;
import org.medficientsam.casefile.LabelMap;

/** The smallest box round each label, as a prompt. */
final class TightBoxes {

    private TightBoxes() {}

    /** @return per label from 1: x_min, y_min, x_max, y_max of an image; x_min, y_min, z_min, x_max, y_max, z_max of a volume */
    static long[] of(LabelMap labels) {
        int highest = 0;
        for (short label : labels.labels()) {
            highest = Math.max(highest, Short.toUnsignedInt(label));
        }
        int columns = labels.isVolume() ? 6 : 4;
        int half = columns / 2;
        long[] boxes = new long[highest * columns];
        for (int box = 0; box < highest; box++) {
            Arrays.fill(boxes, box * columns, box * columns + half, Long.MAX_VALUE);
            Arrays.fill(boxes, box * columns + half, (box + 1) * columns, -1);
        }
        for (int z = 0; z < labels.depth(); z++) {
            for (int y = 0; y < labels.height(); y++) {
                for (int x = 0; x < labels.width(); x++) {
                    int label = labels.get(z, y, x);
                    if (label > 0) {
                        include(boxes, (label - 1) * columns, half, x, y, z);
                    }
                }
            }
        }
        return boxes;
    }

    private static void include(long[] boxes, int at, int half, int... xyz) {
        for (int axis = 0; axis < half; axis++) {
            boxes[at + axis] = Math.min(boxes[at + axis], xyz[axis]);
            boxes[at + half + axis] = Math.max(boxes[at + half + axis], xyz[axis]);
        }
    }
}
