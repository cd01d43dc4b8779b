package org.medficientsam.segmenter.onnx;

import org.medficientsam.segmenter.picture.PromptBox;

/**
 * What a propagator is told of another object of the same case.
 *
 * @param drawn the box that was drawn round it
 * @param height of the slice in it: 0 in its middle, 1 half a slice beyond either end, more further out
 * @param smaller whether it is the smaller of the two, which is seen where they overlap
 */
public record OtherPrompt(PromptBox drawn, float height, boolean smaller) {}
