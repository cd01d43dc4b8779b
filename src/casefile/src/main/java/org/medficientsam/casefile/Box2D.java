package org.medficientsam.casefile;

/** A box in an image, 0 <= x <= width - 1 and 0 <= y <= height - 1. */
public record Box2D(double xMin, double yMin, double xMax, double yMax) implements Box {
    /** @throws IllegalArgumentException if a minimum is above its maximum or a value is not finite */
    public Box2D {
        if (!(xMin <= xMax && yMin <= yMax && Double.isFinite(xMax - xMin) && Double.isFinite(yMax - yMin)))
            throw new IllegalArgumentException(
                    "box must have finite min <= max, got (%s, %s, %s, %s)".formatted(xMin, yMin, xMax, yMax));
    }
}
