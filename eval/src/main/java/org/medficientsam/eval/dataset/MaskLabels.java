package org.medficientsam.eval.dataset;

import java.util.ArrayDeque;
import java.util.TreeMap;

/** How a mask's grey values become labels 1..K. */
enum MaskLabels {
    /** Everything brighter than half is one object. */
    WHOLE {
        @Override
        short[] of(int[] grey, int height, int width) {
            int half = half(grey);
            short[] labels = new short[grey.length];
            for (int i = 0; i < grey.length; i++) {
                labels[i] = (short) (grey[i] > half ? 1 : 0);
            }
            return labels;
        }
    },

    /** Every value but 0 is an object; for masks without compression loss. */
    VALUES {
        @Override
        short[] of(int[] grey, int height, int width) {
            TreeMap<Integer, Short> numbers = new TreeMap<>();
            for (int value : grey) {
                if (value != 0) {
                    numbers.put(value, (short) 0);
                }
            }
            short next = 0;
            for (var number : numbers.entrySet()) {
                number.setValue(++next);
            }
            short[] labels = new short[grey.length];
            for (int i = 0; i < grey.length; i++) {
                labels[i] = numbers.getOrDefault(grey[i], (short) 0);
            }
            return labels;
        }
    },

    /** Every 8-connected piece brighter than half is an object, if it has at least {@value #LEAST_PIXELS} pixels. */
    COMPONENTS {
        @Override
        short[] of(int[] grey, int height, int width) {
            short[] whole = WHOLE.of(grey, height, width);
            short[] labels = new short[grey.length];
            boolean[] seen = new boolean[grey.length];
            short next = 0;
            for (int start = 0; start < grey.length; start++) {
                ArrayDeque<Integer> piece = piece(start, whole, seen, height, width);
                if (piece.size() >= LEAST_PIXELS) {
                    next++;
                    for (int at : piece) {
                        labels[at] = next;
                    }
                }
            }
            return labels;
        }
    };

    private static final int LEAST_PIXELS = 10;

    /** @return labels row-major, (height, width) */
    abstract short[] of(int[] grey, int height, int width);

    /** Half of the brightest, so that 0/1, 0/255 and 16-bit masks all split. */
    private static int half(int[] grey) {
        int brightest = 0;
        for (int value : grey) {
            brightest = Math.max(brightest, value);
        }
        return brightest / 2;
    }

    private static ArrayDeque<Integer> piece(int start, short[] whole, boolean[] seen, int height, int width) {
        ArrayDeque<Integer> piece = new ArrayDeque<>();
        ArrayDeque<Integer> open = new ArrayDeque<>();
        open.push(start);
        while (!open.isEmpty()) {
            int at = open.pop();
            if (seen[at] || whole[at] == 0) {
                continue;
            }
            seen[at] = true;
            piece.add(at);
            for (int y = Math.max(0, at / width - 1); y <= Math.min(height - 1, at / width + 1); y++) {
                for (int x = Math.max(0, at % width - 1); x <= Math.min(width - 1, at % width + 1); x++) {
                    open.push(y * width + x);
                }
            }
        }
        return piece;
    }
}
