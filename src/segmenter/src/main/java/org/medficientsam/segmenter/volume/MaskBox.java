package org.medficientsam.segmenter.volume;

import org.medficientsam.segmenter.mask.Mask;
import org.medficientsam.segmenter.picture.PromptBox;
import org.medficientsam.segmenter.picture.PromptScale;

/** MedficientSAM's propagation: the mask's bounding box, no margin; the prompt again if the mask is empty. */
public final class MaskBox extends BoxPropagation {
    /** The rule of the original project's C++ program. */
    public static final PropagationRule RULE = parameters -> new MaskBox();

    MaskBox() {}

    @Override
    PromptBox next(Prompt prompt, Mask previous, int from, int to) {
        return previous.isEmpty()
                ? prompt.box()
                : PromptScale.EXACT.scale(
                        previous.xMin(), previous.yMin(), previous.xMax(), previous.yMax(), prompt.frame());
    }
}
