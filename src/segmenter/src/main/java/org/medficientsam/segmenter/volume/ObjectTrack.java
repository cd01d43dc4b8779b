package org.medficientsam.segmenter.volume;

import java.util.List;
import java.util.Optional;
import org.medficientsam.casefile.Box;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.segmenter.mask.Mask;
import org.medficientsam.segmenter.mask.SliceMask;
import org.medficientsam.segmenter.onnx.Appearance;
import org.medficientsam.segmenter.onnx.OtherPrompt;
import org.medficientsam.segmenter.onnx.PropagatorPrompt;
import org.medficientsam.segmenter.onnx.PropagatorPrompt.Neighbour;
import org.medficientsam.segmenter.picture.PromptBox;

/** One object on its way through a volume: from its box's middle slice up, then from there down. */
public final class ObjectTrack {
    private final Prompt prompt;
    private final OtherPrompts others;
    private final BoxPropagation propagation;
    private final int first;
    private final int middle;
    private final int last;
    private SliceQuery next;
    private SliceQuery afterMiddle; // where the way down begins
    private final int upperMiddle; // where the way up goes on from a start of its own, or Integer.MIN_VALUE
    // Of the slices that the ways down and up start from, which are one unless there are two central ones.
    private Optional<Appearance> lookDown = Optional.empty();
    private Optional<Appearance> lookUp = Optional.empty();
    private double iouSum;
    private int slices;

    /**
     * @param lastSliceIncluded whether the box's zMax is the last slice that is segmented, or the first that is not
     * @param depth of the volume, slices
     */
    public ObjectTrack(
            Prompt prompt, OtherPrompts others, BoxPropagation propagation, boolean lastSliceIncluded, int depth) {
        Box3D box = (Box3D) prompt.drawn();
        this.prompt = prompt;
        this.others = others;
        this.propagation = propagation;
        int zMin = (int) box.zMin();
        int zMax = Math.min((int) box.zMax(), depth - 1);
        first = zMin;
        middle = (zMin + zMax) / 2;
        // The published program segments the middle slice even where its loop would leave it out.
        last = Math.max(middle, lastSliceIncluded ? zMax : zMax - 1);
        upperMiddle =
                propagation.startsFromBothCentralSlices() && (zMin + zMax) % 2 != 0 ? middle + 1 : Integer.MIN_VALUE;
        next = start(middle);
        afterMiddle = next;
    }

    public int label() {
        return prompt.label();
    }

    /** First slice, inclusive. */
    int first() {
        return first;
    }

    /** Where it starts. */
    int middle() {
        return middle;
    }

    /** Last slice, inclusive. */
    int last() {
        return last;
    }

    /** What to look for it with; slices must be visited from the middle up, then from below the middle down. */
    public SliceQuery queryIn(int z) {
        if (z == upperMiddle) return start(z);
        return z == middle - 1 ? afterMiddle : next;
    }

    /** Takes in what was found in slice {@code z} and tells what of it is believed. */
    public Mask found(int z, SliceMask found) {
        SliceMask believed = new SliceMask(propagation.believed(prompt, found.mask()), found.logits(), found.box());
        if (z == middle) lookDown = found.logits().appearance();
        if (z == middle || z == upperMiddle) lookUp = found.logits().appearance();
        if (z == middle) afterMiddle = next(believed, z, z - 1);
        next = next(believed, z, z < middle ? z - 1 : z + 1);
        iouSum += found.iou();
        slices++;
        return believed.mask();
    }

    private SliceQuery start(int z) {
        return query(propagation.start(prompt, z), z, Optional.empty());
    }

    private SliceQuery next(SliceMask found, int from, int to) {
        Optional<Appearance> start = to < middle ? lookDown : lookUp;
        return query(
                propagation.next(prompt, found, from, to), to, start.map(look -> new Neighbour(found.logits(), look)));
    }

    private SliceQuery query(PromptBox box, int z, Optional<Neighbour> neighbour) {
        return propagation.promptsWithMask()
                ? new SliceQuery(
                        box,
                        Optional.of(
                                new PropagatorPrompt(prompt.box(), (float) prompt.height(z), othersIn(z), neighbour)),
                        propagation.addsShape() ? Optional.of(prompt) : Optional.empty())
                : SliceQuery.box(box);
    }

    private List<OtherPrompt> othersIn(int z) {
        return propagation.promptsWithOthers() ? others.of(prompt, z) : List.of();
    }

    /** The box in pixels, as the case has it. */
    public Box drawn() {
        return prompt.drawn();
    }

    /** The network's estimate of its own IoU, mean over slices. */
    public double iou() {
        return iouSum / slices;
    }
}
