package org.medficientsam.casefile;

/**
 * Millimetres between voxel centres, in the stored order: the challenge stores x, y, z although its arrays are indexed z, y, x.
 */
public record Spacing(double x, double y, double z) {
    /** @throws IllegalArgumentException unless all three are positive and finite */
    public Spacing {
        if (!(x > 0 && y > 0 && z > 0 && Double.isFinite(x) && Double.isFinite(y) && Double.isFinite(z)))
            throw new IllegalArgumentException(
                    "spacing must be positive finite mm, got (%s, %s, %s)".formatted(x, y, z));
    }
}
