package org.medficientsam.segmenter;

import org.medficientsam.segmenter.onnx.PromptBox;

/** How an object's mask in one slice becomes its box in the next. */
public abstract class BoxPropagation {
    BoxPropagation() {}

    /**
     * @param prompt what the user asked for
     * @param previous what was found in the slice before
     * @return the box for the next slice
     */
    abstract PromptBox next(Prompt prompt, SliceMask previous);

    /** The mask's bounding box, no margin; the prompt again if the mask is empty. */
    static final class MaskBox extends BoxPropagation {
        @Override
        PromptBox next(Prompt prompt, SliceMask previous) {
            Mask mask = previous.mask();
            return mask.isEmpty()
                    ? prompt.box()
                    : PromptScale.EXACT.scale(mask.xMin(), mask.yMin(), mask.xMax(), mask.yMax(), prompt.frame());
        }
    }
}
