package org.medficientsam.segmenter;

import java.util.Optional;
import org.medficientsam.segmenter.onnx.MaskLogits;
import org.medficientsam.segmenter.onnx.PromptBox;

/**
 * What an object is looked for with in one slice.
 *
 * @param neighbour what the network found in the neighbouring slice, for a {@link org.medficientsam.segmenter.onnx.MaskPropagator}; empty
 *     where an object starts
 */
record SliceQuery(PromptBox box, Optional<MaskLogits> neighbour) {
    static SliceQuery box(PromptBox box) {
        return new SliceQuery(box, Optional.empty());
    }
}
