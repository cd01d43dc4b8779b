package org.medficientsam.segmenter.onnx;

import java.util.List;
import java.util.Optional;
import org.medficientsam.segmenter.picture.PromptBox;

/**
 * What a propagator is told beside the box of a slice.
 *
 * @param drawn the box that was drawn round the whole object
 * @param height of the slice in the object: 0 in the middle, 1 half a slice beyond either end
 * @param others the case's other objects, at least those that may reach the slice
 * @param neighbour empty in the slice an object starts from
 */
public record PropagatorPrompt(PromptBox drawn, float height, List<OtherPrompt> others, Optional<Neighbour> neighbour) {
    /**
     * What was found before.
     *
     * @param logits of the neighbouring slice, (maskSize, maskSize)
     * @param start prototypes of the object in the slice it is followed from
     */
    public record Neighbour(MaskLogits logits, ObjectPrototypes start) {}
}
