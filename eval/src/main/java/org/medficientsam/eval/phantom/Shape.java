package org.medficientsam.eval.phantom;

import java.util.List;

/**
 * A solid of a phantom, known by its level: below 1 inside, 1 on the surface, above 1 outside. Coordinates are voxel
 * indices; a 2D shape lives in the plane z = 0.
 */
@FunctionalInterface
interface Shape {

    double level(double z, double y, double x);

    /** A box that holds every point up to that level, so that small solids are not sought in the whole scene. */
    default Extent extent(double level) {
        return Extent.EVERYWHERE;
    }

    default boolean holds(double z, double y, double x) {
        return level(z, y, x) < 1;
    }

    /** 1 inside, 0 outside, and a smooth step of half-width {@code softness} (in levels) between. */
    default double coverage(double z, double y, double x, double softness) {
        double t = Math.min(1, Math.max(0, (1 + softness - level(z, y, x)) / (2 * softness)));
        return t * t * (3 - 2 * t);
    }

    default Shape and(Shape other) {
        return within((z, y, x) -> Math.max(level(z, y, x), other.level(z, y, x)), level -> extent(level)
                .intersection(other.extent(level)));
    }

    default Shape or(Shape other) {
        return within((z, y, x) -> Math.min(level(z, y, x), other.level(z, y, x)), level -> extent(level)
                .union(other.extent(level)));
    }

    default Shape without(Shape hole) {
        return within((z, y, x) -> Math.max(level(z, y, x), 2 - hole.level(z, y, x)), this::extent);
    }

    /** Bent by noise of that period and reach in pixels, in the plane. */
    default Shape warped(Noise noise, double reach, double period) {
        return within(
                (z, y, x) -> level(
                        z,
                        y + reach * noise.fractal(z / period, y / period, x / period, 3),
                        x + reach * noise.fractal(z / period + 91.7, y / period + 37.9, x / period + 11.3, 3)),
                level -> extent(level).grownInPlane(reach));
    }

    /** Missing in these slices, both included: a gap that a slice-by-slice tracker has to cross. */
    default Shape interrupted(double zLow, double zHigh) {
        return within((z, y, x) -> z >= zLow && z <= zHigh ? Double.MAX_VALUE : level(z, y, x), this::extent);
    }

    /** An ellipsoid, turned in the plane by {@code angle} radians. */
    static Shape ellipsoid(double cz, double cy, double cx, double rz, double ry, double rx, double angle) {
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        double across = Math.max(ry, rx);
        return within(
                (z, y, x) -> {
                    double dy = y - cy;
                    double dx = x - cx;
                    double u = (dx * cos + dy * sin) / rx;
                    double v = (dy * cos - dx * sin) / ry;
                    double w = (z - cz) / rz;
                    return Math.sqrt(u * u + v * v + w * w);
                },
                level -> Extent.around(cz, cy, cx, rz * level, across * level));
    }

    /** An ellipse in the plane z = 0, turned by {@code angle} radians. */
    static Shape ellipse(double cy, double cx, double ry, double rx, double angle) {
        return ellipsoid(0, cy, cx, 1, ry, rx, angle);
    }

    /** A ball-jointed tube through knots, its radius interpolated from knot to knot: bends and tapers. */
    static Shape tube(List<Knot> path) {
        return within(
                (z, y, x) -> {
                    double nearest = Double.MAX_VALUE;
                    for (int i = 1; i < path.size(); i++) {
                        nearest = Math.min(nearest, levelOfSegment(path.get(i - 1), path.get(i), z, y, x));
                    }
                    return nearest;
                },
                level -> path.stream()
                        .map(knot -> Extent.around(knot.z, knot.y, knot.x, knot.radius * level, knot.radius * level))
                        .reduce(Extent.NOWHERE, Extent::union));
    }

    private static double levelOfSegment(Knot a, Knot b, double z, double y, double x) {
        double az = b.z - a.z;
        double ay = b.y - a.y;
        double ax = b.x - a.x;
        double length = az * az + ay * ay + ax * ax;
        double t = length == 0 ? 0 : ((z - a.z) * az + (y - a.y) * ay + (x - a.x) * ax) / length;
        t = Math.min(1, Math.max(0, t));
        double dz = z - a.z - t * az;
        double dy = y - a.y - t * ay;
        double dx = x - a.x - t * ax;
        return Math.sqrt(dz * dz + dy * dy + dx * dx) / (a.radius + t * (b.radius - a.radius));
    }

    /** A point a tube passes through, and its radius there. */
    record Knot(double z, double y, double x, double radius) {}

    /** What a shape can reach up to a level. */
    @FunctionalInterface
    interface Reach {
        Extent upTo(double level);
    }

    private static Shape within(Shape shape, Reach reach) {
        return new Shape() {
            @Override
            public double level(double z, double y, double x) {
                return shape.level(z, y, x);
            }

            @Override
            public Extent extent(double level) {
                return reach.upTo(level);
            }
        };
    }
}
