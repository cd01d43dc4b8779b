package org.medficientsam.segmenter.mask;

import org.medficientsam.segmenter.onnx.MaskLogits;
import org.medficientsam.segmenter.picture.PromptBox;

/**
 * One object in one slice.
 *
 * @param logits that were found; the mask is made from them and what the rules add
 * @param box that it was found with
 */
public record SliceMask(Mask mask, MaskLogits logits, PromptBox box) {
    /** The network's estimate of its own IoU, NaN where it gives none. */
    public float iou() {
        return logits.iou();
    }
}
