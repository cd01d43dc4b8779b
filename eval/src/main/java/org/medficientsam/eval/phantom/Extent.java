package org.medficientsam.eval.phantom;

/** An axis-aligned box in voxel coordinates. */
public record Extent(double zLow, double yLow, double xLow, double zHigh, double yHigh, double xHigh) {

    private static final double FAR = 1e9;

    static final Extent EVERYWHERE = new Extent(-FAR, -FAR, -FAR, FAR, FAR, FAR);
    static final Extent NOWHERE = new Extent(FAR, FAR, FAR, -FAR, -FAR, -FAR);

    static Extent around(double z, double y, double x, double radiusZ, double radiusInPlane) {
        return new Extent(
                z - radiusZ, y - radiusInPlane, x - radiusInPlane, z + radiusZ, y + radiusInPlane, x + radiusInPlane);
    }

    Extent grownInPlane(double by) {
        return new Extent(zLow, yLow - by, xLow - by, zHigh, yHigh + by, xHigh + by);
    }

    Extent union(Extent other) {
        return new Extent(
                Math.min(zLow, other.zLow),
                Math.min(yLow, other.yLow),
                Math.min(xLow, other.xLow),
                Math.max(zHigh, other.zHigh),
                Math.max(yHigh, other.yHigh),
                Math.max(xHigh, other.xHigh));
    }

    Extent intersection(Extent other) {
        return new Extent(
                Math.max(zLow, other.zLow),
                Math.max(yLow, other.yLow),
                Math.max(xLow, other.xLow),
                Math.min(zHigh, other.zHigh),
                Math.min(yHigh, other.yHigh),
                Math.min(xHigh, other.xHigh));
    }

    /** The voxel indices of an axis of that length that lie within, first and last; last below first if none does. */
    static int first(double low) {
        return (int) Math.max(0, Math.ceil(low));
    }

    static int last(double high, int length) {
        return (int) Math.min(length - 1, Math.floor(high));
    }
}
