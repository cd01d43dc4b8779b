package org.medficientsam.segmenter;

import java.util.Optional;
import org.medficientsam.segmenter.onnx.PromptBox;
import org.medficientsam.segmenter.onnx.PropagatorPrompt;

/**
 * What an object is looked for with in one slice.
 *
 * @param volume what else a {@link org.medficientsam.segmenter.onnx.MaskPropagator} is told; empty in images
 */
record SliceQuery(PromptBox box, Optional<PropagatorPrompt> volume) {
    static SliceQuery box(PromptBox box) {
        return new SliceQuery(box, Optional.empty());
    }
}
