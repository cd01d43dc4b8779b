package org.medficientsam.segmenter;

import java.util.function.UnaryOperator;
import org.medficientsam.segmenter.mask.Mask;
import org.medficientsam.segmenter.mask.MaskPostprocessor;
import org.medficientsam.segmenter.mask.ShapeTerm;
import org.medficientsam.segmenter.mask.SliceMask;
import org.medficientsam.segmenter.onnx.MaskLogits;

/** Where masks are cut from their logits, and who hears each box's own. */
final class MaskCut {
    private final boolean usual;
    private final float logit;
    private final MaskListener listener;

    /** @param threshold probability above which a pixel is in the mask */
    MaskCut(double threshold, MaskListener listener) {
        this.usual = threshold == CaseOptions.HALF;
        this.logit = (float) Math.log(threshold / (1 - threshold));
        this.listener = listener;
    }

    /**
     * What was found of one box in one view.
     *
     * @param slice the mask at one half, by which an object is followed
     * @param cut the mask that is painted, of the view
     * @param term what was added to the logits
     */
    record Found(View view, SliceMask slice, Mask cut, ShapeTerm term) {
        double iou() {
            return slice.iou();
        }
    }

    Found apply(View view, MaskLogits logits, ShapeTerm term) {
        MaskPostprocessor postprocessor = view.postprocessor();
        Mask half = postprocessor.toMask(logits, term);
        Mask cut = usual ? half : postprocessor.toMask(logits, term, logit);
        return new Found(view, new SliceMask(half, logits), cut, term);
    }

    /** @param mask of the whole slice, what was kept of what was found */
    void tell(int box, int z, Mask mask, Found found, UnaryOperator<Mask> kept) {
        if (listener == MaskListener.NONE) return;
        View view = found.view();
        Mask region = kept.apply(Mask.full(view.window().height(), view.window().width()));
        listener.found(box, z, new ObjectMask(mask, region, () -> {
            float[] seen = view.postprocessor().probabilities(found.slice().logits(), found.term());
            return view.inPicture(seen, region.height(), region.width());
        }));
    }
}
