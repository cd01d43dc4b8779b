package org.medficientsam.eval.metric;

/**
 * Arithmetic mean, added up in NumPy's order: eight interleaved accumulators in blocks of at most 128, blocks in halves.
 * The challenge rounds, and compares with 0.2, what {@code numpy.mean} returns; another order can differ in the last bit and
 * then in a printed digit.
 *
 * @see <a href="https://numpy.org/doc/1.26/reference/generated/numpy.sum.html">numpy.sum, Notes</a>
 */
public final class PairwiseMean {

    private static final int LANES = 8;
    private static final int BLOCK = 128;

    private PairwiseMean() {}

    /** NaN if there are no values or one of them is NaN. */
    public static double of(double... values) {
        return sum(values, 0, values.length) / values.length;
    }

    private static double sum(double[] values, int start, int length) {
        if (length > BLOCK) {
            int half = length / 2 / LANES * LANES;
            return sum(values, start, half) + sum(values, start + half, length - half);
        }
        if (length < LANES) {
            return addUp(0, values, start, start + length);
        }
        double[] lane = new double[LANES];
        int whole = length / LANES * LANES;
        for (int i = 0; i < whole; i++) {
            lane[i % LANES] += values[start + i];
        }
        double sum = ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
        return addUp(sum, values, start + whole, start + length);
    }

    private static double addUp(double sum, double[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return sum;
    }
}
