package org.medficientsam.segmenter.mask;

import org.medficientsam.casefile.Box;

/**
 * How far an image's mask may reach beyond its box, in each direction: the larger of the two.
 *
 * @param share of the box's longer side
 * @param networkPixels of the picture that the network saw
 */
public record Margin(double share, double networkPixels) {
    /**
     * The mask where it lies within box and margin.
     *
     * @param imagePixels in a network pixel
     */
    public Mask kept(Mask mask, Box box, double imagePixels) {
        double longer = Math.max(box.xMax() - box.xMin(), box.yMax() - box.yMin()) + 1;
        double margin = Math.max(share * longer, networkPixels * imagePixels);
        return mask.within(
                (int) Math.max(0, Math.ceil(box.xMin() - margin)),
                (int) Math.max(0, Math.ceil(box.yMin() - margin)),
                (int) Math.min(mask.width() - 1, Math.floor(box.xMax() + margin)),
                (int) Math.min(mask.height() - 1, Math.floor(box.yMax() + margin)));
    }
}
