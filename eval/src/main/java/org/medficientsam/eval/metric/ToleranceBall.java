package org.medficientsam.eval.metric;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * All steps on the voxel grid that are no longer than a tolerance, as rows: the question whether a set has a point near
 * another becomes a few tests of bit ranges, nearest rows first, and needs no distance transform.
 *
 * <p>A step is inside if its length, in double arithmetic and without any epsilon, is at most the tolerance.
 */
final class ToleranceBall {

    private record Row(int step0, int step1, int reach2, double distance) {}

    private final List<Row> rows;

    private ToleranceBall(List<Row> rows) {
        this.rows = rows;
    }

    /** The ball around any corner of {@code grid}; no step is kept that would leave the grid from everywhere. */
    static ToleranceBall of(double tolerance, VoxelSpacing spacing, BitGrid grid) {
        int reach0 = reach(tolerance, spacing.axis0(), grid.size0 - 1);
        int reach1 = reach(tolerance, spacing.axis1(), grid.size1 - 1);
        List<Row> rows = new ArrayList<>();
        for (int step0 = -reach0; step0 <= reach0; step0++) {
            for (int step1 = -reach1; step1 <= reach1; step1++) {
                double distance = spacing.distance(step0, step1, 0);
                if (distance <= tolerance) {
                    int reach2 = reach(tolerance, spacing.axis2(), grid.size2 - 1);
                    while (spacing.distance(step0, step1, reach2) > tolerance) {
                        reach2--;
                    }
                    rows.add(new Row(step0, step1, reach2, distance));
                }
            }
        }
        rows.sort(Comparator.comparingDouble(Row::distance));
        return new ToleranceBall(rows);
    }

    /** How many rows {@link #of} would make, to know before making them. */
    static double estimateRows(double tolerance, VoxelSpacing spacing, BitGrid grid) {
        return (2.0 * reach(tolerance, spacing.axis0(), grid.size0 - 1) + 1)
                * (2.0 * reach(tolerance, spacing.axis1(), grid.size1 - 1) + 1);
    }

    /** Whether {@code points} has a point in the ball around the corner. */
    boolean touches(BitGrid points, int i, int j, int k) {
        for (Row row : rows) {
            int i2 = i + row.step0;
            int j2 = j + row.step1;
            if (i2 >= 0 && i2 < points.size0 && j2 >= 0 && j2 < points.size1) {
                int low = Math.max(0, k - row.reach2);
                int high = Math.min(points.size2 - 1, k + row.reach2);
                if (points.anySet(points.row(i2, j2), low, high)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** At least the steps along one axis that stay within the tolerance, rounding errors included. */
    private static int reach(double tolerance, double spacing, int most) {
        return (int) Math.min(most, Math.ceil(tolerance / spacing) + 1);
    }
}
