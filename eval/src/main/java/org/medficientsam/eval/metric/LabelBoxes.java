package org.medficientsam.eval.metric;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/** The smallest box around each label of an array. */
final class LabelBoxes {

    /** Voxels {@code low} to {@code high} along each axis, both included. */
    record Extent(int low0, int low1, int low2, int high0, int high1, int high2) {
        int size0() {
            return high0 - low0 + 1;
        }

        int size1() {
            return high1 - low1 + 1;
        }

        int size2() {
            return high2 - low2 + 1;
        }

        /** The smallest extent around both. */
        Extent union(Extent other) {
            return new Extent(
                    Math.min(low0, other.low0),
                    Math.min(low1, other.low1),
                    Math.min(low2, other.low2),
                    Math.max(high0, other.high0),
                    Math.max(high1, other.high1),
                    Math.max(high2, other.high2));
        }
    }

    private static final int SIDES = 6;

    /** Six numbers per label: lows along the axes, then highs; low &gt; high while the label was not met. */
    private final int[] bounds;

    private LabelBoxes(int labels) {
        bounds = new int[labels * SIDES];
        for (int label = 0; label < labels; label++) {
            Arrays.fill(bounds, label * SIDES, label * SIDES + 3, Integer.MAX_VALUE);
            Arrays.fill(bounds, label * SIDES + 3, (label + 1) * SIDES, -1);
        }
    }

    static LabelBoxes around(LabelArray array) {
        int depth = array.depth();
        // A few slabs: enough to occupy the cores, without a table of boxes for every slice.
        int slabs = Math.min(depth, 4 * Runtime.getRuntime().availableProcessors());
        return IntStream.range(0, slabs)
                .parallel()
                .mapToObj(slab -> {
                    LabelBoxes boxes = new LabelBoxes(array.maxLabel() + 1);
                    boxes.scan(array, (int) ((long) depth * slab / slabs), (int) ((long) depth * (slab + 1) / slabs));
                    return boxes;
                })
                .reduce(LabelBoxes::merge)
                .orElseThrow();
    }

    /** The largest label that occurs, 0 if none does. */
    int highest() {
        int label = bounds.length / SIDES - 1;
        while (label > 0 && of(label).isEmpty()) {
            label--;
        }
        return label;
    }

    /** Empty for a label that does not occur, and for 0, the background. */
    Optional<Extent> of(int label) {
        int at = label * SIDES;
        return at >= bounds.length || bounds[at + 3] < 0
                ? Optional.empty()
                : Optional.of(new Extent(
                        bounds[at], bounds[at + 1], bounds[at + 2], bounds[at + 3], bounds[at + 4], bounds[at + 5]));
    }

    private void scan(LabelArray array, int fromSlice, int toSlice) {
        for (int i = fromSlice; i < toSlice; i++) {
            for (int j = 0; j < array.height(); j++) {
                int row = array.row(i, j);
                int end = row + array.width();
                for (int start = row; start < end; ) {
                    int next = array.runEnd(start, end);
                    include(array.get(start), i, j, start - row, next - 1 - row);
                    start = next;
                }
            }
        }
    }

    private void include(int label, int i, int j, int firstK, int lastK) {
        int at = label * SIDES;
        if (label == 0) {
            return;
        }
        bounds[at] = Math.min(bounds[at], i);
        bounds[at + 1] = Math.min(bounds[at + 1], j);
        bounds[at + 2] = Math.min(bounds[at + 2], firstK);
        bounds[at + 3] = Math.max(bounds[at + 3], i);
        bounds[at + 4] = Math.max(bounds[at + 4], j);
        bounds[at + 5] = Math.max(bounds[at + 5], lastK);
    }

    private LabelBoxes merge(LabelBoxes other) {
        for (int label = 0; label < bounds.length; label += SIDES) {
            for (int side = label; side < label + 3; side++) {
                bounds[side] = Math.min(bounds[side], other.bounds[side]);
                bounds[side + 3] = Math.max(bounds[side + 3], other.bounds[side + 3]);
            }
        }
        return this;
    }
}
