package org.medficientsam.segmenter.volume;

import org.medficientsam.segmenter.mask.ShapeTerm;
import org.medficientsam.segmenter.onnx.PropagatorPrompt;
import org.medficientsam.segmenter.picture.PromptBox;

/** What an object is looked for with in one slice. */
public sealed interface SliceQuery {
    /** Where it is looked for. */
    PromptBox box();

    /** For the decoder, which knows nothing but the box. */
    record Decode(PromptBox box) implements SliceQuery {}

    /**
     * For the propagator.
     *
     * @param prompt what it is told beside the box
     * @param shape what is added to its logits before they become a mask
     */
    record Propagate(PromptBox box, PropagatorPrompt prompt, ShapeTerm shape) implements SliceQuery {}
}
