package org.medficientsam.casefile;

/** A box in a volume; z indexes slices and {@code zMax} is the last slice that belongs to it. */
public record Box3D(double xMin, double yMin, double zMin, double xMax, double yMax, double zMax) implements Box {
    /** @throws IllegalArgumentException if a minimum is above its maximum or a value is not finite */
    public Box3D {
        if (!(zMin <= zMax && Double.isFinite(zMax - zMin)))
            throw new IllegalArgumentException("box must have finite zMin <= zMax, got %s..%s".formatted(zMin, zMax));
        new Box2D(xMin, yMin, xMax, yMax);
    }

    /** What a slice sees of it. */
    public Box2D inPlane() {
        return new Box2D(xMin, yMin, xMax, yMax);
    }
}
