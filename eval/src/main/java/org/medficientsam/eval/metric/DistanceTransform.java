package org.medficientsam.eval.metric;

import java.util.Arrays;

/**
 * Exact Euclidean distance from corners of a grid to the nearest one of a set. Separable, linear in the number of corners;
 * works one plane at a time and so needs no more memory than a few planes.
 *
 * <p>The squares are added in axis order, so a distance has the same double value as {@link VoxelSpacing#distance}.
 *
 * @see <a href="https://doi.org/10.4086/toc.2012.v008a019">Felzenszwalb, Huttenlocher: Distance transforms of sampled
 *     functions (2012)</a>
 */
final class DistanceTransform {

    private static final int NONE = -1;

    private final BitGrid set;
    private final VoxelSpacing spacing;
    /** Per corner of a plane: the last slice up to the current one, and the first from it on, that has the corner set. */
    private final int[] previous;

    private final int[] next;
    /** Per corner of the current plane: square of the distance along axis 0, then along axes 0 and 1. */
    private final double[] squares;

    private final double[] row;
    private final LowerEnvelope alongAxis1;
    private final LowerEnvelope alongAxis2;
    private int plane = NONE;
    private int rowInPlane = NONE;

    DistanceTransform(BitGrid set, VoxelSpacing spacing) {
        this.set = set;
        this.spacing = spacing;
        int corners = Math.multiplyExact(set.size1, set.size2);
        previous = new int[corners];
        next = new int[corners];
        squares = new double[corners];
        row = new double[set.size2];
        alongAxis1 = new LowerEnvelope(set.size1, spacing.axis1());
        alongAxis2 = new LowerEnvelope(set.size2, spacing.axis2());
        Arrays.fill(previous, NONE);
        Arrays.fill(next, NONE);
    }

    /**
     * Distance from a corner to the nearest of the set, +infinity if the set is empty. Ask in the order of the grid: planes
     * and rows that are skipped cost little, earlier ones are gone.
     */
    double at(int i, int j, int k) {
        if (i < plane || (i == plane && j < rowInPlane)) {
            throw new IllegalArgumentException("corner (%d, %d, %d) lies before the current row".formatted(i, j, k));
        }
        if (i > plane) {
            moveToPlane(i);
            rowInPlane = NONE;
        }
        if (j != rowInPlane) {
            rowInPlane = j;
            System.arraycopy(squares, j * set.size2, row, 0, set.size2);
            alongAxis2.transform(row, 0, 1);
        }
        return Math.sqrt(row[k]);
    }

    private void moveToPlane(int i) {
        for (int j = 0; j < set.size1; j++) {
            for (int k = 0; k < set.size2; k++) {
                squares[j * set.size2 + k] = squareAlongAxis0(i, j, k);
            }
        }
        for (int k = 0; k < set.size2; k++) {
            alongAxis1.transform(squares, k, set.size2);
        }
        plane = i;
    }

    private double squareAlongAxis0(int i, int j, int k) {
        int corner = j * set.size2 + k;
        while (next[corner] < i) {
            if (next[corner] != NONE) {
                previous[corner] = next[corner];
            }
            next[corner] = firstSetFrom(next[corner] + 1, j, k);
        }
        int steps = next[corner] - i;
        if (previous[corner] != NONE) {
            steps = Math.min(steps, i - previous[corner]);
        } else if (next[corner] == Integer.MAX_VALUE) {
            return Double.POSITIVE_INFINITY;
        }
        double distance = steps * spacing.axis0();
        return distance * distance;
    }

    private int firstSetFrom(int i, int j, int k) {
        for (int slice = i; slice < set.size0; slice++) {
            if (set.get(slice, j, k)) {
                return slice;
            }
        }
        return Integer.MAX_VALUE;
    }

    /** Minimum over q of f(q) + ((p - q) * spacing)^2 for every p, by the lower envelope of the parabolas. */
    private static final class LowerEnvelope {
        private final int length;
        private final double spacing;
        private final int[] apex;
        private final double[] height;
        /** From where on each parabola of the envelope is the lowest, in steps. */
        private final double[] from;

        LowerEnvelope(int length, double spacing) {
            this.length = length;
            this.spacing = spacing;
            apex = new int[length];
            height = new double[length];
            from = new double[length];
        }

        void transform(double[] values, int offset, int stride) {
            int last = build(values, offset, stride);
            if (last < 0) {
                return; // infinite everywhere
            }
            int current = 0;
            for (int p = 0; p < length; p++) {
                while (current < last && from[current + 1] <= p) {
                    current++;
                }
                double distance = (p - apex[current]) * spacing;
                values[offset + p * stride] = height[current] + distance * distance;
            }
        }

        private int build(double[] values, int offset, int stride) {
            int last = -1;
            for (int q = 0; q < length; q++) {
                double value = values[offset + q * stride];
                if (value == Double.POSITIVE_INFINITY) {
                    continue;
                }
                double start = Double.NEGATIVE_INFINITY;
                while (last >= 0) {
                    start = crossing(last, q, value);
                    if (start > from[last]) {
                        break;
                    }
                    last--;
                }
                last++;
                apex[last] = q;
                height[last] = value;
                from[last] = last == 0 ? Double.NEGATIVE_INFINITY : start;
            }
            return last;
        }

        /** Where the parabola at {@code q} comes below an earlier one. */
        private double crossing(int earlier, int q, double value) {
            double rise = (value - height[earlier]) / (spacing * spacing);
            return (rise / (q - apex[earlier]) + q + apex[earlier]) / 2;
        }
    }
}
