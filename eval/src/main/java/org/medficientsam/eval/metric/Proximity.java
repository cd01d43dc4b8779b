package org.medficientsam.eval.metric;

/** Whether a corner of the voxel grid lies within a tolerance of a set of corners. Ask in the order of the grid. */
@FunctionalInterface
interface Proximity {

    /** Beyond so many rows in a ball, the distance transform is quicker: it takes as long for any spacing. */
    int MOST_BALL_ROWS = 2_000;

    boolean isNear(int i, int j, int k);

    /** A point is near if its distance is at most the tolerance, without any epsilon. */
    static Proximity to(BitGrid points, double tolerance, VoxelSpacing spacing) {
        if (points.isEmpty()) {
            return (i, j, k) -> false;
        }
        if (ToleranceBall.estimateRows(tolerance, spacing, points) <= MOST_BALL_ROWS) {
            ToleranceBall ball = ToleranceBall.of(tolerance, spacing, points);
            return (i, j, k) -> ball.touches(points, i, j, k);
        }
        DistanceTransform transform = new DistanceTransform(points, spacing);
        return (i, j, k) -> transform.at(i, j, k) <= tolerance;
    }
}
