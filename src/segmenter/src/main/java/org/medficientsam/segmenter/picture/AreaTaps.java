package org.medficientsam.segmenter.picture;

import java.util.Arrays;

/** One axis of OpenCV's INTER_AREA where it shrinks: which inputs an output covers, and by how much of its length. */
final class AreaTaps {
    private static final double NEGLIGIBLE = 1e-3; // of an input's length; OpenCV's own limit

    private final int[] source;
    private final int[] target;
    private final float[] weight;

    private AreaTaps(int[] source, int[] target, float[] weight) {
        this.source = source;
        this.target = target;
        this.weight = weight;
    }

    static AreaTaps of(int inputs, int outputs) {
        double scale = LinearTaps.scale(inputs, outputs);
        int most = inputs + 2 * outputs;
        int[] source = new int[most];
        int[] target = new int[most];
        float[] weight = new float[most];
        int count = 0;
        for (int i = 0; i < outputs; i++) {
            double from = i * scale;
            double to = from + scale;
            double length = Math.min(scale, inputs - from);
            int last = Math.min((int) Math.floor(to), inputs - 1);
            int first = Math.min((int) Math.ceil(from), last);
            if (first - from > NEGLIGIBLE) {
                source[count] = first - 1;
                target[count] = i;
                weight[count++] = (float) ((first - from) / length);
            }
            for (int k = first; k < last; k++) {
                source[count] = k;
                target[count] = i;
                weight[count++] = (float) (1.0 / length);
            }
            if (to - last > NEGLIGIBLE) {
                source[count] = last;
                target[count] = i;
                weight[count++] = (float) (Math.min(Math.min(to - last, 1.0), length) / length);
            }
        }
        return new AreaTaps(Arrays.copyOf(source, count), Arrays.copyOf(target, count), Arrays.copyOf(weight, count));
    }

    int count() {
        return source.length;
    }

    int source(int tap) {
        return source[tap];
    }

    int target(int tap) {
        return target[tap];
    }

    float weight(int tap) {
        return weight[tap];
    }

    /** Weighted sums of one row of pixels; the order of additions is OpenCV's, as float sums depend on it. */
    void weigh(byte[] pixels, int start, int channels, float[] sums) {
        Arrays.fill(sums, 0);
        for (int k = 0; k < source.length; k++) {
            int from = start + source[k] * channels;
            int to = target[k] * channels;
            for (int channel = 0; channel < channels; channel++)
                sums[to + channel] += (pixels[from + channel] & 0xff) * weight[k];
        }
    }
}
