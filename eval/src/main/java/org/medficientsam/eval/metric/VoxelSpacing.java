package org.medficientsam.eval.metric;

import java.util.Arrays;

/**
 * Distance between neighbouring voxels along each <em>array</em> axis. A case file stores x, y, z; which of the three
 * belongs to which array axis is for the {@link MetricProtocol} to say.
 *
 * @param axis0 between slices: mm for a volume
 * @param axis1 between rows: mm for a volume, 1 (pixel) for a picture
 * @param axis2 between columns
 */
record VoxelSpacing(double axis0, double axis1, double axis2) {

    /** Pictures carry no physical spacing: their distances are in pixels. */
    static final VoxelSpacing PIXELS = new VoxelSpacing(1, 1, 1);

    VoxelSpacing {
        requirePositive(axis0, axis1, axis2);
    }

    private static void requirePositive(double... perAxis) {
        for (double spacing : perAxis) {
            if (!(spacing > 0 && Double.isFinite(spacing))) {
                throw new IllegalArgumentException(
                        "spacing must be three positive finite numbers, got " + Arrays.toString(perAxis));
            }
        }
    }

    /**
     * Length of a step of so many voxels per axis. The terms are added in axis order, as the reference does, so that a
     * distance that is exactly a tolerance on paper compares alike.
     */
    double distance(int steps0, int steps1, int steps2) {
        double d0 = steps0 * axis0;
        double d1 = steps1 * axis1;
        double d2 = steps2 * axis2;
        return Math.sqrt(d0 * d0 + d1 * d1 + d2 * d2);
    }
}
