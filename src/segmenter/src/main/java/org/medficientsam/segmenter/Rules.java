package org.medficientsam.segmenter;

import java.util.List;
import java.util.Optional;
import org.medficientsam.casefile.Box;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.segmenter.mask.Overlap;
import org.medficientsam.segmenter.picture.Frame;
import org.medficientsam.segmenter.picture.Interpolation;
import org.medficientsam.segmenter.picture.PromptBox;
import org.medficientsam.segmenter.picture.PromptScale;
import org.medficientsam.segmenter.volume.BoxPropagation;
import org.medficientsam.segmenter.volume.LabelAreaBox;
import org.medficientsam.segmenter.volume.Prompt;
import org.medficientsam.segmenter.volume.SteadyBox;
import org.medficientsam.segmenter.volume.SteadyBox.Part;

/**
 * What surrounds the network, as data: everything in which the published programs differ, and nothing else.
 *
 * @param name as in a manifest
 * @param interpolation how a slice is brought to the network's size
 * @param promptScale how a box becomes a box for the decoder
 * @param wholeVoxelPrompts whether fractions of a volume's boxes are dropped
 * @param lastSliceIncluded whether a box's zMax is the last slice that is segmented, or the first that is not
 * @param propagation how a mask becomes the next slice's box
 * @param overlap which label wins where masks overlap
 */
public record Rules(
        String name,
        Interpolation interpolation,
        PromptScale promptScale,
        boolean wholeVoxelPrompts,
        boolean lastSliceIncluded,
        BoxPropagation propagation,
        Overlap overlap) {

    /** The arithmetic of MedficientSAM's C++ program, its last slice and its fractions mended. */
    static final Rules MEDFICIENTSAM = new Rules(
            "medficientsam",
            Interpolation.LINEAR,
            PromptScale.EXACT,
            false,
            true,
            new BoxPropagation.MaskBox(),
            Overlap.LATER_ON_TOP);

    /** MedficientSAM as published: a volume's last slice stays empty. */
    static final Rules MEDFICIENTSAM_ORIGINAL = new Rules(
            "medficientsam-original",
            Interpolation.LINEAR,
            PromptScale.EXACT,
            true,
            false,
            new BoxPropagation.MaskBox(),
            Overlap.LATER_ON_TOP);

    /** LiteMedSAM's own script. */
    static final Rules LITEMEDSAM = new Rules(
            "litemedsam",
            Interpolation.AREA,
            PromptScale.WHOLE_INPUT_PIXELS,
            false,
            true,
            new LabelAreaBox(3),
            Overlap.LATER_ON_TOP);

    /** MedficientSAM with volumes that do not drift and nested objects that stay visible; see {@link SteadyBox}. */
    static final Rules STEADY = steady("steady", SteadyBox.whole(), Overlap.SMALLER_ON_TOP);

    // STEADY less one of its parts, for the table that shows what each is worth.
    static final Rules WITHOUT_PROFILE =
            steady("steady-without-profile", SteadyBox.without(Part.PROFILE), Overlap.SMALLER_ON_TOP);
    static final Rules WITHOUT_INSIDE =
            steady("steady-without-inside", SteadyBox.without(Part.INSIDE), Overlap.SMALLER_ON_TOP);
    static final Rules WITHOUT_NEIGHBOUR =
            steady("steady-without-neighbour", SteadyBox.without(Part.NEIGHBOUR), Overlap.SMALLER_ON_TOP);
    static final Rules WITHOUT_OTHERS =
            steady("steady-without-others", SteadyBox.without(Part.OTHERS), Overlap.SMALLER_ON_TOP);
    static final Rules WITHOUT_SHAPE =
            steady("steady-without-shape", SteadyBox.without(Part.SHAPE), Overlap.SMALLER_ON_TOP);
    static final Rules WITHOUT_SMALLER_ON_TOP =
            steady("steady-without-smaller-on-top", SteadyBox.whole(), Overlap.LATER_ON_TOP);

    private static final List<Rules> ALL = List.of(
            MEDFICIENTSAM,
            MEDFICIENTSAM_ORIGINAL,
            LITEMEDSAM,
            STEADY,
            WITHOUT_PROFILE,
            WITHOUT_INSIDE,
            WITHOUT_NEIGHBOUR,
            WITHOUT_OTHERS,
            WITHOUT_SHAPE,
            WITHOUT_SMALLER_ON_TOP);

    private static Rules steady(String name, BoxPropagation propagation, Overlap overlap) {
        return new Rules(name, Interpolation.LINEAR, PromptScale.EXACT, false, true, propagation, overlap);
    }

    /** Names that {@link #named} knows. */
    public static List<String> names() {
        return ALL.stream().map(Rules::name).toList();
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

    Prompt prompt(int label, Box box, Frame frame) {
        boolean whole = wholeVoxelPrompts && box instanceof Box3D;
        PromptBox scaled = whole
                ? promptScale.scale((int) box.xMin(), (int) box.yMin(), (int) box.xMax(), (int) box.yMax(), frame)
                : promptScale.scale(box.xMin(), box.yMin(), box.xMax(), box.yMax(), frame);
        return new Prompt(label, box, scaled, frame);
    }
}
