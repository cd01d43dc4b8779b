package org.medficientsam.eval.dataset;

import java.util.ArrayDeque;
import java.util.Arrays;

/** How a mask's values become labels 1..K. */
enum MaskLabels {
    /**
     * All of the mask is one object. Of values up to 127 (0 and 1, a few classes, colours) that is all but 0; of brighter ones, which
     * may have been smoothed or compressed, all brighter than half.
     */
    WHOLE {
        @Override
        short[] of(int[] values, int depth, int height, int width) {
            int ground = ground(Arrays.stream(values).max().orElse(0));
            short[] labels = new short[values.length];
            for (int i = 0; i < values.length; i++) {
                labels[i] = (short) (values[i] > ground ? 1 : 0);
            }
            return labels;
        }
    },

    /** Every value but 0 is an object; for masks without compression loss. Values with gaps are numbered in their order. */
    VALUES {
        @Override
        short[] of(int[] values, int depth, int height, int width) {
            short[] labels = new short[values.length];
            for (int i = 0; i < values.length; i++) {
                labels[i] = (short) values[i];
            }
            return renumbered(labels);
        }
    },

    /** Each connected piece of the whole is an object, corners of a slice's pixels connect; specks of up to 9 voxels are none. */
    COMPONENTS {
        @Override
        short[] of(int[] values, int depth, int height, int width) {
            short[] whole = WHOLE.of(values, depth, height, width);
            short[] labels = new short[values.length];
            boolean[] seen = new boolean[values.length];
            short next = 0;
            for (int start = 0; start < values.length; start++) {
                ArrayDeque<Integer> piece = piece(start, whole, seen, height, width);
                if (piece.size() >= LEAST_VOXELS) {
                    next++;
                    for (int at : piece) {
                        labels[at] = next;
                    }
                }
            }
            return labels;
        }
    };

    private static final int LARGEST_CLASS = 127;
    private static final int LEAST_VOXELS = 10;

    /**
     * @param values of the mask, (depth, height, width) row-major
     * @return labels of the same shape
     */
    abstract short[] of(int[] values, int depth, int height, int width);

    /** The largest value that is background where all of a mask is one object. */
    static int ground(int brightest) {
        return brightest > LARGEST_CLASS ? brightest / 2 : 0;
    }

    /** The labels that occur, ascending, as 1 to K. */
    static short[] renumbered(short[] labels) {
        boolean[] occurs = new boolean[1 << Short.SIZE];
        for (short label : labels) {
            occurs[Short.toUnsignedInt(label)] = true;
        }
        short[] number = new short[occurs.length];
        short next = 0;
        for (int label = 1; label < occurs.length; label++) {
            if (occurs[label]) {
                number[label] = ++next;
            }
        }
        short[] renumbered = new short[labels.length];
        for (int i = 0; i < labels.length; i++) {
            renumbered[i] = number[Short.toUnsignedInt(labels[i])];
        }
        return renumbered;
    }

    private static ArrayDeque<Integer> piece(int start, short[] whole, boolean[] seen, int height, int width) {
        ArrayDeque<Integer> piece = new ArrayDeque<>();
        ArrayDeque<Integer> open = new ArrayDeque<>();
        open.push(start);
        int area = height * width;
        while (!open.isEmpty()) {
            int at = open.pop();
            if (seen[at] || whole[at] == 0) {
                continue;
            }
            seen[at] = true;
            piece.add(at);
            if (at >= area) {
                open.push(at - area);
            }
            if (at + area < whole.length) {
                open.push(at + area);
            }
            int slice = at / area * area;
            int row = at % area / width;
            int column = at % width;
            for (int y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
                for (int x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
                    open.push(slice + y * width + x);
                }
            }
        }
        return piece;
    }
}
