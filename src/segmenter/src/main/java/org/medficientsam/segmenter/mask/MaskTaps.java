package org.medficientsam.segmenter.mask;

import org.medficientsam.segmenter.picture.LinearTaps;

/**
 * One axis of the way from logits to pixels, both bilinear steps in one: from the decoder's resolution to the network's, cut
 * to the part that is no padding, and on to the image. Each step is linear and local, so together they take at most three
 * neighbouring logits per pixel.
 */
final class MaskTaps {
    static final int TAPS = 3;

    private final int[] first; // per pixel, the first of its three logits
    private final float[] weights; // per pixel three, non-negative, together 1

    private MaskTaps(int[] first, float[] weights) {
        this.first = first;
        this.weights = weights;
    }

    /**
     * @param logits of the axis, at most {@code inputSize}
     * @param scaled part of the network's axis that shows the image
     * @param pixels of the image's axis
     */
    static MaskTaps of(int logits, int inputSize, int scaled, int pixels) {
        int[] first = new int[pixels];
        float[] weights = new float[TAPS * pixels];
        for (int pixel = 0; pixel < pixels; pixel++) {
            double position = clamp(
                    (float) ((pixel + 0.5) * LinearTaps.scale(scaled, pixels) - 0.5), scaled); // OpenCV's rounding
            int near = (int) position;
            double towardsNext = position - near;
            first[pixel] = (int) halfPixel(near, logits, inputSize);
            for (int step = 0; step < 2; step++) {
                double weight = step == 0 ? 1 - towardsNext : towardsNext;
                double logit = halfPixel(Math.min(near + step, scaled - 1), logits, inputSize);
                int at = (int) logit - first[pixel];
                weights[TAPS * pixel + at] += (float) (weight * (1 - (logit - (int) logit)));
                if (logit > (int) logit) weights[TAPS * pixel + at + 1] += (float) (weight * (logit - (int) logit));
            }
        }
        return new MaskTaps(first, weights);
    }

    /** Where output {@code i} lies among the inputs: half-pixel centres, clamped to the border. */
    private static double halfPixel(int i, int inputs, int outputs) {
        return clamp((i + 0.5) * inputs / outputs - 0.5, inputs);
    }

    private static double clamp(double position, int inputs) {
        return Math.max(0, Math.min(position, inputs - 1));
    }

    int pixels() {
        return first.length;
    }

    int first(int pixel) {
        return first[pixel];
    }

    float weight(int pixel, int tap) {
        return weights[TAPS * pixel + tap];
    }
}
