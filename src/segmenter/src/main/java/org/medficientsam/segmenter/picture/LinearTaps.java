package org.medficientsam.segmenter.picture;

/**
 * One axis of OpenCV's 8-bit bilinear resize: for every output index the first of two neighbouring inputs and their weights
 * in 1/2048.
 */
public final class LinearTaps {
    static final int ONE = 1 << 11;

    private final int[] first;
    private final short[] weight0;
    private final short[] weight1;

    private LinearTaps(int outputs) {
        first = new int[outputs];
        weight0 = new short[outputs];
        weight1 = new short[outputs];
    }

    /** Half-pixel centres: what INTER_LINEAR does. */
    static LinearTaps centred(int inputs, int outputs) {
        double scale = scale(inputs, outputs);
        LinearTaps taps = new LinearTaps(outputs);
        for (int i = 0; i < outputs; i++) {
            float position = (float) ((i + 0.5) * scale - 0.5);
            int index = (int) Math.floor(position);
            taps.set(i, index, position - index);
        }
        return taps;
    }

    /** What INTER_AREA does where an axis grows: each output takes from the inputs that its own extent covers. */
    static LinearTaps covering(int inputs, int outputs) {
        double inverse = (double) outputs / inputs;
        double scale = scale(inputs, outputs);
        LinearTaps taps = new LinearTaps(outputs);
        for (int i = 0; i < outputs; i++) {
            int index = (int) Math.floor(i * scale);
            float fraction = (float) ((i + 1) - (index + 1) * inverse);
            taps.set(i, index, fraction <= 0 ? 0 : fraction - (float) Math.floor(fraction));
        }
        return taps;
    }

    /** OpenCV inverts the inverse; inputs / outputs would differ in the last bit. */
    public static double scale(int inputs, int outputs) {
        return 1.0 / ((double) outputs / inputs);
    }

    private void set(int output, int index, float fraction) {
        first[output] = index;
        weight0[output] = (short) Math.rint((1f - fraction) * ONE);
        weight1[output] = (short) Math.rint(fraction * ONE);
    }

    int outputs() {
        return first.length;
    }

    /** May be -1, or the last input: the neighbour beyond the border is the border. */
    int first(int output) {
        return first[output];
    }

    int weight0(int output) {
        return weight0[output];
    }

    int weight1(int output) {
        return weight1[output];
    }
}
