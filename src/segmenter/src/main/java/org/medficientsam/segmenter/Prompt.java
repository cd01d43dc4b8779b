package org.medficientsam.segmenter;

import org.medficientsam.casefile.Box;
import org.medficientsam.segmenter.onnx.PromptBox;

/**
 * What the user asks for, once.
 *
 * @param label of the object, from 1
 * @param drawn the box in pixels, as the case has it
 * @param box the same for the decoder
 */
record Prompt(int label, Box drawn, PromptBox box, Frame frame) {}
