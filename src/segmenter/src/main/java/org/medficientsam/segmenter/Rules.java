package org.medficientsam.segmenter;

import java.util.List;
import java.util.Optional;
import org.medficientsam.casefile.Box;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.segmenter.mask.Margin;
import org.medficientsam.segmenter.mask.Overlap;
import org.medficientsam.segmenter.picture.Frame;
import org.medficientsam.segmenter.picture.Interpolation;
import org.medficientsam.segmenter.picture.PromptBox;
import org.medficientsam.segmenter.picture.PromptScale;
import org.medficientsam.segmenter.volume.LabelAreaBox;
import org.medficientsam.segmenter.volume.MaskBox;
import org.medficientsam.segmenter.volume.Prompt;
import org.medficientsam.segmenter.volume.PropagationRule;
import org.medficientsam.segmenter.volume.SteadyBox;
import org.medficientsam.segmenter.window.WindowRule;

/**
 * What surrounds the network, as data: everything in which the published programs differ, and nothing else.
 *
 * @param name as in a manifest
 * @param interpolation how a slice is brought to the network's size
 * @param promptScale how a box becomes a box for the decoder
 * @param wholeVoxelPrompts whether fractions of a volume's boxes are dropped
 * @param lastSliceIncluded whether a box's zMax is the last slice that is segmented, or the first that is not
 * @param propagation how objects are followed through a volume
 * @param overlap which label wins where masks overlap
 * @param windows when an image's small boxes are looked at more closely
 * @param margin how far beyond its box an image's mask may reach
 */
public record Rules(
        String name,
        Interpolation interpolation,
        PromptScale promptScale,
        boolean wholeVoxelPrompts,
        boolean lastSliceIncluded,
        PropagationRule propagation,
        Overlap overlap,
        Optional<WindowRule> windows,
        Optional<Margin> margin) {

    /** The arithmetic of MedficientSAM's C++ program, its last slice and its fractions mended. */
    static final Rules MEDFICIENTSAM = new Rules(
            "medficientsam",
            Interpolation.LINEAR,
            PromptScale.EXACT,
            false,
            true,
            MaskBox.RULE,
            Overlap.LATER_ON_TOP,
            Optional.empty(),
            Optional.empty());

    /** MedficientSAM as published: a volume's last slice stays empty. */
    static final Rules MEDFICIENTSAM_ORIGINAL = new Rules(
            "medficientsam-original",
            Interpolation.LINEAR,
            PromptScale.EXACT,
            true,
            false,
            MaskBox.RULE,
            Overlap.LATER_ON_TOP,
            Optional.empty(),
            Optional.empty());

    /** LiteMedSAM's own script. */
    static final Rules LITEMEDSAM = new Rules(
            "litemedsam",
            Interpolation.AREA,
            PromptScale.WHOLE_INPUT_PIXELS,
            false,
            true,
            LabelAreaBox.RULE,
            Overlap.LATER_ON_TOP,
            Optional.empty(),
            Optional.empty());

    /**
     * MedficientSAM with volumes that do not drift, nested objects that stay visible, and small objects seen in large images; for
     * bundles that have the numbers for it, see {@link org.medficientsam.segmenter.bundle.PropagationParameters}.
     */
    static final Rules STEADY = new Rules(
            "steady",
            Interpolation.LINEAR,
            PromptScale.EXACT,
            false,
            true,
            SteadyBox.RULE,
            Overlap.SMALLER_ON_TOP,
            Optional.of(new WindowRule(1.5, 64, 4, 32, 1.5, 16)),
            Optional.of(new Margin(0.1, 2)));

    private static final List<Rules> ALL = List.of(MEDFICIENTSAM, MEDFICIENTSAM_ORIGINAL, LITEMEDSAM, STEADY);

    /** Names that {@link #named} knows. */
    public static List<String> names() {
        return ALL.stream().map(Rules::name).toList();
    }

    /** Windows of an image, whatever the rules, at most. */
    public static int mostWindows() {
        return ALL.stream()
                .flatMap(rules -> rules.windows().stream())
                .mapToInt(WindowRule::most)
                .max()
                .orElse(0);
    }

    /** @throws IllegalArgumentException if there are no such rules */
    public static Rules named(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException(unknown(name)));
    }

    static Optional<Rules> find(String name) {
        return ALL.stream().filter(rules -> rules.name().equals(name)).findFirst();
    }

    static String unknown(String name) {
        return "rules must be one of %s, got %s".formatted(String.join(", ", names()), name);
    }

    /** The same with another bound on an image's windows; no bound where there are none. */
    Rules withMostWindows(int most) {
        return new Rules(
                name,
                interpolation,
                promptScale,
                wholeVoxelPrompts,
                lastSliceIncluded,
                propagation,
                overlap,
                windows.map(rule -> rule.withMost(most)),
                margin);
    }

    /** A box of an image, for the decoder. */
    PromptBox promptBox(Box box, Frame frame) {
        return promptScale.scale(box.xMin(), box.yMin(), box.xMax(), box.yMax(), frame);
    }

    /** The same in a view of the image. */
    PromptBox promptBox(Box box, View view) {
        int x = view.window().x();
        int y = view.window().y();
        return promptScale.scale(box.xMin() - x, box.yMin() - y, box.xMax() - x, box.yMax() - y, view.frame());
    }

    /** The prompt that a volume's box makes. */
    Prompt prompt(int label, Box3D box, Frame frame) {
        PromptBox scaled = wholeVoxelPrompts
                ? promptScale.scale((int) box.xMin(), (int) box.yMin(), (int) box.xMax(), (int) box.yMax(), frame)
                : promptBox(box, frame);
        return new Prompt(label, box, scaled, frame);
    }
}
