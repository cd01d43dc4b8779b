package org.medficientsam.segmenter;

import java.util.function.Supplier;
import org.medficientsam.segmenter.mask.Mask;

/** What was found of one box in one slice, whatever other boxes found there. */
public final class ObjectMask {
    private final Mask mask;
    private final Mask region;
    private final Supplier<float[]> probabilities;

    /**
     * @param mask of the whole slice
     * @param region of the whole slice: where the rules let the object be
     * @param probabilities of the whole slice, row-major
     */
    ObjectMask(Mask mask, Mask region, Supplier<float[]> probabilities) {
        this.mask = mask;
        this.region = region;
        this.probabilities = probabilities;
    }

    /** Rows. */
    public int height() {
        return mask.height();
    }

    /** Columns. */
    public int width() {
        return mask.width();
    }

    /** Whether a pixel is in the mask. */
    public boolean get(int y, int x) {
        return mask.get(y, x);
    }

    /**
     * How likely each pixel belongs to the object, by the network's own logits, row-major (height, width); 0 where the rules let the object
     * not be. Calculated anew each time. Pixels whose probability is above the threshold are the mask's.
     */
    public float[] probabilities() {
        float[] all = probabilities.get();
        for (int y = 0, at = 0; y < region.height(); y++)
            for (int x = 0; x < region.width(); x++, at++) if (!region.get(y, x)) all[at] = 0;
        return all;
    }
}
