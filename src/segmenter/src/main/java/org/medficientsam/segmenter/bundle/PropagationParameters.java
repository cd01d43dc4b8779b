package org.medficientsam.segmenter.bundle;

import java.util.OptionalInt;

/**
 * What the rules {@code steady} need to know of a bundle's weights, as its manifest states it under {@code propagation}. The numbers
 * are fitted to the weights, and the propagator is trained with them; eval/reports/STEADY.md says how they were found.
 *
 * @param inputSize pixels, the size at which a propagator sees slices, where that is not the bundle's
 * @param profile how large an object is expected to be in each slice
 * @param trust share of a slice's box that comes from the mask in the slice before, in [0, 1]; the rest comes from the profile
 * @param shape what is added to a propagator's logits
 */
public record PropagationParameters(OptionalInt inputSize, Profile profile, double trust, Shape shape) {
    /** For a propagator that sees slices at the bundle's own size. */
    public PropagationParameters(Profile profile, double trust, Shape shape) {
        this(OptionalInt.empty(), profile, trust, shape);
    }

    /**
     * A solid seen slice by slice is largest in the middle and closes towards its ends: at relative height t in (-1, 1) its expected
     * side is {@code max(smallest, height * (1 - t^2)^exponent)} of its prompt's. An ellipsoid has height 1 and exponent 0.5.
     *
     * @param height in (0, 2]
     * @param exponent in (0, 4]
     * @param smallest in [0, 1]
     */
    public record Profile(double height, double exponent, double smallest) {}

    /**
     * {@code sides * (u^2 + v^2) - ends * t^2}, where u, v and t run from -1 to 1 across the prompt's columns, rows and slices.
     *
     * @param sides in [0, 10]
     * @param ends in [0, 10]
     */
    public record Shape(double sides, double ends) {}
}
