package org.medficientsam.segmenter;

import org.medficientsam.segmenter.onnx.PromptBox;

/**
 * One object in one slice.
 *
 * @param iou the network's estimate of its own IoU, NaN where it gives none
 * @param box that it was found with
 */
record SliceMask(Mask mask, float iou, PromptBox box) {}
