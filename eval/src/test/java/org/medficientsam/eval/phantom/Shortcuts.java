package org.medficientsam.eval.phantom;

/** What a model must beat: masks made from the box alone, or from one grey value, chosen with the truth in hand. */
final class Shortcuts {

    private Shortcuts() {}

    /** DSC of the ellipse inscribed in each slice of the box, or the ellipsoid in all of it, whichever is better. */
    static double ellipseInTheBox(Scene scene, int label, int[] extent) {
        return Math.max(ellipsoid(scene, label, extent, false), ellipsoid(scene, label, extent, true));
    }

    private static double ellipsoid(Scene scene, int label, int[] e, boolean roundedInZ) {
        short[] labels = scene.labels();
        long mask = 0;
        long truth = 0;
        long both = 0;
        for (int z = e[0]; z <= e[3]; z++) {
            for (int y = e[1]; y <= e[4]; y++) {
                for (int x = e[2]; x <= e[5]; x++) {
                    double r =
                            squared(y, e[1], e[4]) + squared(x, e[2], e[5]) + (roundedInZ ? squared(z, e[0], e[3]) : 0);
                    boolean inTruth =
                            Short.toUnsignedInt(labels[scene.channel(0).index(z, y, x)]) == label;
                    mask += r <= 1 ? 1 : 0;
                    truth += inTruth ? 1 : 0;
                    both += inTruth && r <= 1 ? 1 : 0;
                }
            }
        }
        return 2.0 * both / (mask + truth);
    }

    private static double squared(int at, int first, int last) {
        double t = (at - (first + last) / 2.0) / ((last - first + 1) / 2.0);
        return t * t;
    }

    /** The best DSC over all 255 thresholds, brighter or darker, of the mean grey and of each channel. */
    static double bestThresholdInTheBox(Scene scene, int label, int[] e) {
        byte[] pixels = scene.pixels();
        short[] labels = scene.labels();
        int channels = scene.channelCount();
        double best = 0;
        for (int channel = 0; channel <= channels; channel++) {
            long[] inside = new long[256];
            long[] all = new long[256];
            for (int z = e[0]; z <= e[3]; z++) {
                for (int y = e[1]; y <= e[4]; y++) {
                    for (int x = e[2]; x <= e[5]; x++) {
                        int index = scene.channel(0).index(z, y, x);
                        int grey = grey(pixels, index * channels, channel, channels);
                        all[grey]++;
                        inside[grey] += Short.toUnsignedInt(labels[index]) == label ? 1 : 0;
                    }
                }
            }
            best = Math.max(best, bestOf(inside, all));
        }
        return best;
    }

    private static int grey(byte[] pixels, int offset, int channel, int channels) {
        if (channel < channels) {
            return Byte.toUnsignedInt(pixels[offset + channel]);
        }
        int sum = 0;
        for (int c = 0; c < channels; c++) {
            sum += Byte.toUnsignedInt(pixels[offset + c]);
        }
        return sum / channels;
    }

    private static double bestOf(long[] inside, long[] all) {
        long truth = sum(inside, 0, 256);
        double best = 0;
        for (int threshold = 0; threshold <= 256; threshold++) {
            best = Math.max(best, 2.0 * sum(inside, 0, threshold) / (sum(all, 0, threshold) + truth));
            best = Math.max(best, 2.0 * sum(inside, threshold, 256) / (sum(all, threshold, 256) + truth));
        }
        return best;
    }

    private static long sum(long[] counts, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += counts[i];
        }
        return sum;
    }
}
