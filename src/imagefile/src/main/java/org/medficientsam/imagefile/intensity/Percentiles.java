package org.medficientsam.imagefile.intensity;

import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.Voxels;

/**
 * Percentiles of the non-zero, finite values of an image but its padding, exact, with NumPy's linear interpolation, and without a sorted copy:
 * each sought value is found 16 bits at a time, by counting.
 */
final class Percentiles {
    private static final int ROUNDS = 4;
    private static final int BUCKETS = 1 << 16;

    private final RawImage image;
    private final double padding;

    private Percentiles(RawImage image, OptionalDouble padding) {
        this.image = image;
        this.padding = padding.orElse(0);
    }

    /**
     * @param padding a value that is left out as zero is
     * @param percents 0 to 100 each
     * @return as many values; zeros if no voxel is other than zero
     */
    static double[] of(RawImage image, OptionalDouble padding, double... percents) {
        return new Percentiles(image, padding).find(percents);
    }

    private double[] find(double... percents) {
        long count = 0;
        for (Cursor at = new Cursor(); at.next(); ) count++;
        double[] found = new double[percents.length];
        if (count == 0) return found;
        long[] ranks = new long[2 * percents.length];
        for (int i = 0; i < percents.length; i++) {
            ranks[2 * i] = (long) (percents[i] / 100 * (count - 1));
            ranks[2 * i + 1] = Math.min(ranks[2 * i] + 1, count - 1);
        }
        double[] sorted = select(ranks);
        for (int i = 0; i < percents.length; i++) {
            double share = percents[i] / 100 * (count - 1) - ranks[2 * i];
            double low = sorted[2 * i];
            double high = sorted[2 * i + 1];
            // From the nearer end, as NumPy does, to round alike.
            found[i] = share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
        }
        return found;
    }

    /** Counted once where the possible numbers are few; else found bit by bit. */
    private double[] select(long... ranks) {
        return image.voxels().type().bytes() <= 2 && image.rescale().isUniform() ? fromHistogram(ranks) : byBits(ranks);
    }

    private double[] fromHistogram(long... ranks) {
        Voxels voxels = image.voxels();
        int[] counts = voxels.histogram();
        double[] values = new double[counts.length];
        for (int bits = 0; bits < counts.length; bits++)
            values[bits] = image.rescale().apply(voxels.ofBits(bits), 0);
        int[] order = IntStream.range(0, counts.length)
                .filter(bits -> counts[bits] > 0 && values[bits] != 0 && values[bits] != padding)
                .boxed()
                .sorted(Comparator.comparingDouble(bits -> values[bits]))
                .mapToInt(bits -> bits)
                .toArray();
        double[] found = new double[ranks.length];
        for (int r = 0; r < ranks.length; r++) {
            int at = 0;
            for (long left = ranks[r]; left >= counts[order[at]]; at++) left -= counts[order[at]];
            found[r] = values[order[at]];
        }
        return found;
    }

    /** The values of these ranks in ascending order. */
    private double[] byBits(long... ranks) {
        int sought = ranks.length;
        long[] prefix = new long[sought]; // the bits that are known, as an unsigned number
        long[] left = ranks.clone(); // the rank among values of that prefix
        for (int round = 0; round < ROUNDS; round++) {
            int shift = 48 - 16 * round;
            long[] known = Arrays.stream(prefix).distinct().toArray();
            long[][] counts = new long[known.length][BUCKETS];
            for (Cursor at = new Cursor(); at.next(); ) {
                long high = round == 0 ? 0 : at.key >>> (shift + 16);
                for (int i = 0; i < known.length; i++)
                    if (known[i] == high) counts[i][(int) (at.key >>> shift) & 0xffff]++;
            }
            for (int s = 0; s < sought; s++) {
                long[] own = counts[indexOf(known, prefix[s])];
                int bucket = 0;
                while (left[s] >= own[bucket]) left[s] -= own[bucket++];
                prefix[s] = prefix[s] << 16 | bucket;
            }
        }
        return Arrays.stream(prefix).mapToDouble(Percentiles::value).toArray();
    }

    private static int indexOf(long[] known, long prefix) {
        int i = 0;
        while (known[i] != prefix) i++;
        return i;
    }

    /** Unsigned keys rise as the values do. */
    private static long key(double value) {
        long bits = Double.doubleToRawLongBits(value);
        return bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
    }

    private static double value(long key) {
        return Double.longBitsToDouble(key < 0 ? key ^ Long.MIN_VALUE : ~key);
    }

    /** The finite, non-zero values one after the other. */
    private final class Cursor {
        private final Voxels voxels = image.voxels();
        private final int slice = image.grid().size(0) * image.grid().size(1) * image.channels();
        private int index = -1;
        private int k;
        private int end = slice;
        long key;

        boolean next() {
            while (++index < voxels.count()) {
                if (index == end) {
                    k++;
                    end += slice;
                }
                double value = image.rescale().apply(voxels.get(index), k);
                if (value != 0 && value != padding && Double.isFinite(value)) {
                    key = key(value);
                    return true;
                }
            }
            return false;
        }
    }
}
