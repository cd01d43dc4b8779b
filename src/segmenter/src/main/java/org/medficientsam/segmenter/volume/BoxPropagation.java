package org.medficientsam.segmenter.volume;

import org.medficientsam.segmenter.mask.Mask;
import org.medficientsam.segmenter.mask.ShapeTerm;
import org.medficientsam.segmenter.mask.SliceMask;
import org.medficientsam.segmenter.picture.PromptBox;
import org.medficientsam.segmenter.picture.PromptScale;

/** How an object is followed through a volume: where it is looked for, and what of the find is believed. */
public abstract class BoxPropagation {
    BoxPropagation() {}

    /** The box for a slice that has no neighbour to start from. */
    public PromptBox start(Prompt prompt, int z) {
        return prompt.box();
    }

    /**
     * @param prompt what the user asked for
     * @param previous what was found, and believed, in slice {@code from}
     * @return the box for the neighbouring slice {@code to}
     */
    public abstract PromptBox next(Prompt prompt, SliceMask previous, int from, int to);

    /** What of the mask is taken as found. */
    public Mask believed(Prompt prompt, Mask mask) {
        return mask;
    }

    /** Whether a propagator, where there is one, is prompted with the mask of the slice before and the whole prompt, too. */
    public boolean promptsWithMask() {
        return false;
    }

    /** Whether what the propagator finds is corrected by where it lies in the prompt, see {@link ShapeTerm}. */
    public boolean addsShape() {
        return false;
    }

    /** Whether the propagator is told the case's other prompts, too. */
    public boolean promptsWithOthers() {
        return false;
    }

    /**
     * Whether both ways begin at the middle, so that a volume upside down gives the same masks: of an even number of slices
     * the two central ones then both start from {@link #start}. The published programs start from the lower one only.
     */
    public boolean startsFromBothCentralSlices() {
        return false;
    }

    /** The mask's bounding box, no margin; the prompt again if the mask is empty. */
    public static final class MaskBox extends BoxPropagation {
        @Override
        public PromptBox next(Prompt prompt, SliceMask previous, int from, int to) {
            Mask mask = previous.mask();
            return mask.isEmpty()
                    ? prompt.box()
                    : PromptScale.EXACT.scale(mask.xMin(), mask.yMin(), mask.xMax(), mask.yMax(), prompt.frame());
        }
    }
}
