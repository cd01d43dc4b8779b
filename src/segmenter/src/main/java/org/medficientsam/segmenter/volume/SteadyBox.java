package org.medficientsam.segmenter.volume;

import java.util.Optional;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.segmenter.bundle.PropagationParameters;
import org.medficientsam.segmenter.bundle.PropagationParameters.Profile;
import org.medficientsam.segmenter.mask.Mask;
import org.medficientsam.segmenter.picture.PromptBox;
import org.medficientsam.segmenter.picture.PromptScale;

/**
 * Propagation that does not drift. The network follows its box closely, so a box that is wrong once stays wrong; here every box
 * is held by what the prompt already says:
 *
 * <ul>
 *   <li><b>profile</b>: a mask's box shrinks or grows from slice to slice by the ratio of the {@link Profile}, and is mixed with
 *       the profile's own box, centred in the prompt.
 *   <li><b>inside</b>: boxes and masks stay inside the prompt's box, which the user drew around the whole object.
 * </ul>
 *
 * A bundle's propagator, where it has one, is told more, see {@link PropagatorPrompts}. Everything is symmetric in z and in the plane.
 */
public final class SteadyBox extends BoxPropagation {
    /** The rule of bundles that have the numbers for it. */
    public static final PropagationRule RULE = new PropagationRule() {
        @Override
        public boolean isFitted() {
            return true;
        }

        @Override
        public BoxPropagation with(Optional<PropagationParameters> parameters) {
            return new SteadyBox(parameters.orElseThrow());
        }
    };

    private final Profile profile;
    private final double trust;

    SteadyBox(PropagationParameters parameters) {
        profile = parameters.profile();
        trust = parameters.trust();
    }

    @Override
    PromptBox start(Prompt prompt, int z) {
        return toPrompt(expected(prompt, z), prompt);
    }

    @Override
    PromptBox next(Prompt prompt, Mask previous, int from, int to) {
        if (previous.isEmpty()) return start(prompt, to);
        Rectangle found = Rectangle.covering(previous.xMin(), previous.yMin(), previous.xMax(), previous.yMax());
        double ratio = share(prompt, to) / share(prompt, from);
        return toPrompt(found.scaled(ratio).mixed(trust, expected(prompt, to)), prompt);
    }

    @Override
    Mask believed(Prompt prompt, Mask mask) {
        Box3D drawn = prompt.drawn();
        return mask.within(
                (int) Math.rint(drawn.xMin()), (int) Math.rint(drawn.yMin()), (int) Math.rint(drawn.xMax()), (int)
                        Math.rint(drawn.yMax()));
    }

    @Override
    boolean startsFromBothCentralSlices() {
        return true;
    }

    private Rectangle expected(Prompt prompt, int z) {
        Box3D drawn = prompt.drawn();
        return Rectangle.covering(drawn.xMin(), drawn.yMin(), drawn.xMax(), drawn.yMax())
                .scaled(share(prompt, z));
    }

    /** The expected side of the object in slice {@code z}, as a share of the prompt's. */
    private double share(Prompt prompt, int z) {
        double t = prompt.height(z);
        return Math.max(profile.smallest(), profile.height() * Math.pow(Math.max(0, 1 - t * t), profile.exponent()));
    }

    private static PromptBox toPrompt(Rectangle box, Prompt prompt) {
        Box3D drawn = prompt.drawn();
        Rectangle kept = box.clipped(drawn.xMin(), drawn.yMin(), drawn.xMax(), drawn.yMax());
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
