package org.medficientsam.segmenter.onnx;

import java.util.Optional;

/**
 * What a propagator is told beside the box of a slice.
 *
 * @param drawn the box that was drawn round the whole object
 * @param height of the slice in the object: 0 in the middle, 1 half a slice beyond either end
 * @param neighbour what was found in the neighbouring slice, (maskSize, maskSize); empty in the slice an object starts from
 */
public record PropagatorPrompt(PromptBox drawn, float height, Optional<MaskLogits> neighbour) {}
