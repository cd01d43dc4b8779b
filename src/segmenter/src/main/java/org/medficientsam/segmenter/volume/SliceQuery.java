package org.medficientsam.segmenter.volume;

import java.util.Optional;
import org.medficientsam.segmenter.mask.ShapeTerm;
import org.medficientsam.segmenter.onnx.PropagatorPrompt;
import org.medficientsam.segmenter.picture.PromptBox;

/**
 * What an object is looked for with in one slice.
 *
 * @param volume what else a {@link org.medficientsam.segmenter.onnx.MaskPropagator} is told; empty in images
 * @param shaped whose {@link ShapeTerm} is added to that one's logits, if any
 */
public record SliceQuery(PromptBox box, Optional<PropagatorPrompt> volume, Optional<Prompt> shaped) {
    public static SliceQuery box(PromptBox box) {
        return new SliceQuery(box, Optional.empty(), Optional.empty());
    }
}
