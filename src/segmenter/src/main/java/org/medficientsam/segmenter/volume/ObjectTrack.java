package org.medficientsam.segmenter.volume;

import java.util.Optional;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.segmenter.mask.Mask;
import org.medficientsam.segmenter.mask.SliceMask;

/** One object on its way through a volume: a walk up from the middle of its box and one down. */
public final class ObjectTrack {
    private final Prompt prompt;
    private final BoxPropagation propagation;
    private final SliceRange slices;
    private final Walk up;
    private final Walk down;
    private double iouSum;
    private int found;

    /**
     * @param propagator what a propagator is told, if there is one
     * @param depth of the volume, slices
     * @param lastSliceIncluded whether the box's zMax is the last slice that is segmented, or the first that is not
     */
    public ObjectTrack(
            Prompt prompt,
            BoxPropagation propagation,
            Optional<PropagatorPrompts> propagator,
            int depth,
            boolean lastSliceIncluded) {
        this.prompt = prompt;
        this.propagation = propagation;
        slices = SliceRange.of(prompt.drawn(), depth, lastSliceIncluded);
        int upStart = propagation.startsFromBothCentralSlices() ? slices.upperMiddle() : slices.middle();
        up = new Walk(prompt, propagation, propagator, upStart, slices.last());
        down = new Walk(prompt, propagation, propagator, slices.middle(), slices.first());
    }

    /** Of the object, from 1. */
    public int label() {
        return prompt.label();
    }

    /** The box in voxels, as the case has it. */
    public Box3D drawn() {
        return prompt.drawn();
    }

    SliceRange slices() {
        return slices;
    }

    /** What to look for it with; slices must be visited from the middle up, then from below the middle down. */
    public SliceQuery queryIn(int z) {
        return (z <= slices.middle() ? down : up).queryIn(z);
    }

    /** What of a mask of the object is believed. */
    public Mask believed(Mask mask) {
        return propagation.believed(prompt, mask);
    }

    /** Takes in what was found in slice {@code z}. */
    public void found(int z, SliceMask mask) {
        SliceMask believed = new SliceMask(believed(mask.mask()), mask.logits());
        if (z <= slices.middle()) down.found(believed);
        if (z >= up.start()) up.found(believed);
        iouSum += mask.iou();
        found++;
    }

    /** The network's estimate of its own IoU, mean over the slices so far; NaN where it gives none. */
    public double iou() {
        return iouSum / found;
    }
}
