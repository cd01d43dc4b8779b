package org.medficientsam.casefile;

/**
 * A box prompt in pixel indices, both ends inclusive, inside its image. One pixel, one line and one slice are boxes. Fractions
 * are kept; how they round is a rule of inference.
 */
public sealed interface Box permits Box2D, Box3D {
    double xMin();

    double yMin();

    double xMax();

    double yMax();
}
