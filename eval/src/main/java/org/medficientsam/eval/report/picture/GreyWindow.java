package org.medficientsam.eval.report.picture;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import org.medficientsam.casefile.ImageArray;

/**
 * Which stored values are shown from black to white.
 *
 * @param low shown black, and what is below it
 * @param high shown white, and what is above it
 */
record GreyWindow(int low, int high) {

    static final GreyWindow FULL = new GreyWindow(0, 255);

    /** Left out at either end. */
    private static final double TAIL = 0.005;

    /**
     * The values that occur in a part of some slices, but for the rarest at either end and black, which is air or what lies
     * outside the image.
     */
    static GreyWindow of(ImageArray image, int[] slices, Rectangle part) {
        if (image.channels() != 1) {
            return FULL;
        }
        long[] counts = new long[256];
        long total = 0;
        for (int z : slices) {
            for (int y = part.y; y < part.y + part.height; y++) {
                for (int x = part.x; x < part.x + part.width; x++) {
                    int value = Byte.toUnsignedInt(image.data()[image.offset(z) + y * image.width() + x]);
                    if (value > 0) {
                        counts[value]++;
                        total++;
                    }
                }
            }
        }
        int low = percentile(counts, (long) (TAIL * total));
        int high = percentile(counts, (long) ((1 - TAIL) * total));
        return high - low < 2 ? FULL : new GreyWindow(low, high);
    }

    private static int percentile(long[] counts, long rank) {
        long seen = 0;
        for (int value = 0; value < counts.length; value++) {
            seen += counts[value];
            if (seen > rank) {
                return value;
            }
        }
        return counts.length - 1;
    }

    /** A part of a slice, a pixel for a pixel. */
    BufferedImage paint(ImageArray image, int z, Rectangle part) {
        BufferedImage painted = new BufferedImage(part.width, part.height, BufferedImage.TYPE_INT_RGB);
        byte[] data = image.data();
        int channels = image.channels();
        for (int y = 0; y < part.height; y++) {
            for (int x = 0; x < part.width; x++) {
                int at = image.offset(z) + ((part.y + y) * image.width() + part.x + x) * channels;
                int red = shown(data[at]);
                int green = channels == 1 ? red : shown(data[at + 1]);
                int blue = channels == 1 ? red : shown(data[at + 2]);
                painted.setRGB(x, y, red << 16 | green << 8 | blue);
            }
        }
        return painted;
    }

    private int shown(byte stored) {
        int value = (Byte.toUnsignedInt(stored) - low) * 255 / (high - low);
        return Math.max(0, Math.min(255, value));
    }
}
