package org.medficientsam.segmenter;

import java.util.Optional;
import org.medficientsam.segmenter.onnx.PromptBox;
import org.medficientsam.segmenter.onnx.PropagatorPrompt;

/**
 * What an object is looked for with in one slice.
 *
 * @param volume what else a {@link org.medficientsam.segmenter.onnx.MaskPropagator} is told; empty in images
 * @param shaped whose {@link ShapeTerm} is added to that one's logits, if any
 */
record SliceQuery(PromptBox box, Optional<PropagatorPrompt> volume, Optional<Prompt> shaped) {
    static SliceQuery box(PromptBox box) {
        return new SliceQuery(box, Optional.empty(), Optional.empty());
    }
}
