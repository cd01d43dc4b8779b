package org.medficientsam.segmenter.window;

import org.medficientsam.casefile.Box;

/**
 * When an image's boxes are looked at in windows of their own, and how large these are. eval/reports/STEADY.md says how the numbers were
 * found.
 *
 * @param shrunk image pixels in a network pixel: windows are for pictures that have more, and must have fewer by this factor themselves
 * @param small boxes whose longer side is below this get a window, network pixels
 * @param sides of a window, in longer sides of the box
 * @param least side of a window, image pixels
 * @param shared a box may share a window up to so many times as large as its own
 * @param most windows of an image; where more are wanted all become twice as large, and so on, until they are few enough
 */
public record WindowRule(double shrunk, double small, double sides, int least, double shared, int most) {
    /** @throws IllegalArgumentException if a number is not positive or {@code shrunk}, {@code sides} or {@code shared} is below 1 */
    public WindowRule {
        if (!(shrunk >= 1 && small > 0 && sides >= 1 && least > 0 && shared >= 1 && most >= 0))
            throw new IllegalArgumentException(
                    "window rule must have shrunk, sides and shared of at least 1, small and least above 0, got shrunk %s, small %s, sides %s, least %d, shared %s, most %d"
                            .formatted(shrunk, small, sides, least, shared, most));
    }

    /** The same with another bound; 0 is no windows. */
    public WindowRule withMost(int windows) {
        return new WindowRule(shrunk, small, sides, least, shared, windows);
    }

    static double longerSide(Box box) {
        return Math.max(box.xMax() - box.xMin(), box.yMax() - box.yMin()) + 1;
    }

    /** Side of the window that the box would have alone. */
    double side(Box box) {
        return Math.max(sides * longerSide(box), least);
    }
}
