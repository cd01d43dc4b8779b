package org.medficientsam.segmenter.mask;

import org.medficientsam.segmenter.onnx.MaskLogits;

/**
 * One object in one slice.
 *
 * @param logits that were found; the mask is made from them and what the rules add
 */
public record SliceMask(Mask mask, MaskLogits logits) {
    /** The network's estimate of its own IoU, NaN where it gives none. */
    public float iou() {
        return logits.iou();
    }
}
