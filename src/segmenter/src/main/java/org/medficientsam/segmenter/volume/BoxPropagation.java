package org.medficientsam.segmenter.volume;

import org.medficientsam.segmenter.mask.Mask;
import org.medficientsam.segmenter.picture.PromptBox;

/** How an object is followed through a volume: where it is looked for, and what of the find is believed. */
public abstract class BoxPropagation {
    BoxPropagation() {}

    /** The box for a slice that has no neighbour to start from. */
    PromptBox start(Prompt prompt, int z) {
        return prompt.box();
    }

    /**
     * @param prompt what the user asked for
     * @param previous what was found, and believed, in slice {@code from}
     * @return the box for the neighbouring slice {@code to}
     */
    abstract PromptBox next(Prompt prompt, Mask previous, int from, int to);

    /** What of the mask is taken as found. */
    Mask believed(Prompt prompt, Mask mask) {
        return mask;
    }

    /**
     * Whether both ways begin at the middle, so that a volume upside down gives the same masks: of an even number of slices
     * the two central ones then both start from {@link #start}. The published programs start from the lower one only.
     */
    boolean startsFromBothCentralSlices() {
        return false;
    }
}
