package org.medficientsam.segmenter.volume;

import java.util.EnumSet;
import java.util.Set;
import org.medficientsam.casefile.Box;
import org.medficientsam.segmenter.mask.Mask;
import org.medficientsam.segmenter.mask.ShapeTerm;
import org.medficientsam.segmenter.mask.SliceMask;
import org.medficientsam.segmenter.picture.PromptBox;
import org.medficientsam.segmenter.picture.PromptScale;

/**
 * Propagation that does not drift. The network follows its box closely, so a box that is wrong once stays wrong; here every box
 * is held by what the prompt already says:
 *
 * <ul>
 *   <li><b>profile</b>: a solid seen slice by slice is largest in the middle and closes towards its ends. The expected half
 *       side at relative height t in (-1, 1) is {@code height * (1 - t^2)^exponent} of the prompt's. A mask's box shrinks
 *       or grows from slice to slice by the ratio of the profile, and is mixed with the profile's own box, centred in the
 *       prompt.
 *   <li><b>inside</b>: boxes and masks stay inside the prompt's box, which the user drew around the whole object.
 *   <li><b>neighbour</b>: a bundle with a propagator is told the mask of the slice before, how the object looked in the middle, and the
 *       whole prompt, so that a wrong box matters less.
 *   <li><b>others</b>: it is also told the case's other prompts; a box round a ring is almost a box round what the ring holds.
 *   <li><b>shape</b>: what it finds is corrected by where it lies in the prompt, see {@link ShapeTerm}.
 * </ul>
 *
 * Everything is symmetric in z and in the plane.
 */
public final class SteadyBox extends BoxPropagation {
    // An ellipsoid has height 1 and exponent 0.5. Organs and lesions are less regular: their middle slice does not
    // reach all four sides of the box, and they close earlier. eval/reports/STEADY.md says how the numbers were found.
    private static final double PROFILE_HEIGHT = 0.88;
    private static final double PROFILE_EXPONENT = 0.65;
    private static final double SMALLEST_PROFILE = 0.1;
    /** How much of a box comes from the slice before, the rest from the profile. */
    private static final double TRUST = 0.6;

    /** What can be left out, to see what it is worth. Without a neighbour there is no propagator, hence neither others nor shape. */
    public enum Part {
        PROFILE,
        INSIDE,
        NEIGHBOUR,
        OTHERS,
        SHAPE
    }

    private final boolean profile;
    private final boolean inside;
    private final boolean neighbour;
    private final boolean others;
    private final boolean shape;

    private SteadyBox(Set<Part> parts) {
        profile = parts.contains(Part.PROFILE);
        inside = parts.contains(Part.INSIDE);
        neighbour = parts.contains(Part.NEIGHBOUR);
        others = parts.contains(Part.OTHERS);
        shape = parts.contains(Part.SHAPE);
    }

    public static SteadyBox whole() {
        return new SteadyBox(EnumSet.allOf(Part.class));
    }

    public static SteadyBox without(Part part) {
        return new SteadyBox(EnumSet.complementOf(EnumSet.of(part)));
    }

    @Override
    public boolean promptsWithMask() {
        return neighbour;
    }

    @Override
    public boolean promptsWithOthers() {
        return others;
    }

    @Override
    public boolean addsShape() {
        return shape;
    }

    @Override
    public PromptBox start(Prompt prompt, int z) {
        return profile ? toPrompt(expected(prompt, z), prompt) : prompt.box();
    }

    @Override
    public PromptBox next(Prompt prompt, SliceMask previous, int from, int to) {
        Mask mask = previous.mask();
        if (mask.isEmpty()) return start(prompt, to);
        Rectangle found = Rectangle.covering(mask.xMin(), mask.yMin(), mask.xMax(), mask.yMax());
        if (!profile) return toPrompt(found, prompt);
        double ratio = share(prompt, to) / share(prompt, from);
        return toPrompt(found.scaled(ratio).mixed(TRUST, expected(prompt, to)), prompt);
    }

    @Override
    public Mask believed(Prompt prompt, Mask mask) {
        if (!inside) return mask;
        Box drawn = prompt.drawn();
        return mask.within(
                (int) Math.rint(drawn.xMin()), (int) Math.rint(drawn.yMin()), (int) Math.rint(drawn.xMax()), (int)
                        Math.rint(drawn.yMax()));
    }

    @Override
    public boolean startsFromBothCentralSlices() {
        return true;
    }

    private static Rectangle expected(Prompt prompt, int z) {
        Box drawn = prompt.drawn();
        return Rectangle.covering(drawn.xMin(), drawn.yMin(), drawn.xMax(), drawn.yMax())
                .scaled(share(prompt, z));
    }

    /** The expected side of the object in slice {@code z}, as a share of the prompt's. */
    private static double share(Prompt prompt, int z) {
        double t = prompt.height(z);
        return Math.max(SMALLEST_PROFILE, PROFILE_HEIGHT * Math.pow(Math.max(0, 1 - t * t), PROFILE_EXPONENT));
    }

    private PromptBox toPrompt(Rectangle box, Prompt prompt) {
        Box drawn = prompt.drawn();
        Rectangle kept = inside ? box.clipped(drawn.xMin(), drawn.yMin(), drawn.xMax(), drawn.yMax()) : box;
        return PromptScale.EXACT.scale(kept.left, kept.top, kept.right, kept.bottom, prompt.frame());
    }

    /** Edges in pixels, continuous: a pixel reaches half a pixel to either side of its index. */
    private record Rectangle(double left, double top, double right, double bottom) {
        static Rectangle covering(double xMin, double yMin, double xMax, double yMax) {
            return new Rectangle(xMin - 0.5, yMin - 0.5, xMax + 0.5, yMax + 0.5);
        }

        Rectangle scaled(double factor) {
            double x = (left + right) / 2;
            double y = (top + bottom) / 2;
            double halfWidth = (right - left) / 2 * factor;
            double halfHeight = (bottom - top) / 2 * factor;
            return new Rectangle(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight);
        }

        Rectangle mixed(double share, Rectangle other) {
            return new Rectangle(
                    share * left + (1 - share) * other.left,
                    share * top + (1 - share) * other.top,
                    share * right + (1 - share) * other.right,
                    share * bottom + (1 - share) * other.bottom);
        }

        Rectangle clipped(double xMin, double yMin, double xMax, double yMax) {
            return new Rectangle(
                    Math.max(xMin, left), Math.max(yMin, top), Math.min(xMax, right), Math.min(yMax, bottom));
        }
    }
}
