package org.medficientsam.eval.metric;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.medficientsam.casefile.npz.DType;
import org.medficientsam.casefile.npz.NpyArray;

/**
 * Labels of a picture or a volume, D x H x W row-major (D = 1 for a picture), one or two bytes each. Runs of one label are
 * skipped, and masks made, eight bytes at a time.
 */
final class LabelArray {

    static final int MAX_LABEL = 0xffff;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] data;
    private final boolean wide;
    private final int depth;
    private final int height;
    private final int width;

    private LabelArray(byte[] data, boolean wide, int depth, int height, int width) {
        if (depth < 1 || height < 1 || width < 1 || (long) depth * height * width * (wide ? 2 : 1) != data.length) {
            throw new IllegalArgumentException(
                    "labels of %d x %d x %d do not fill %d bytes".formatted(depth, height, width, data.length));
        }
        this.data = data;
        this.wide = wide;
        this.depth = depth;
        this.height = height;
        this.width = width;
    }

    /** Takes over one byte per voxel, labels up to 255. */
    static LabelArray adoptBytes(byte[] labels, int depth, int height, int width) {
        return new LabelArray(labels, false, depth, height, width);
    }

    /**
     * Labels of any type, compared by value: what is no whole number from 1 to 65535 is background, as it equals no label.
     * A uint8 array is not copied.
     *
     * @param labels D x H x W elements, whatever their shape
     */
    static LabelArray of(NpyArray labels, int depth, int height, int width) {
        if (labels.dtype() == DType.UINT8) {
            return adoptBytes(labels.uint8(), depth, height, width);
        }
        int size = Math.toIntExact(labels.size());
        if (labels.dtype().itemSize() == 1) {
            byte[] narrow = new byte[size];
            for (int i = 0; i < size; i++) {
                narrow[i] = (byte) Math.max(0, labels.at(i));
            }
            return adoptBytes(narrow, depth, height, width);
        }
        byte[] data = new byte[Math.multiplyExact(2, size)];
        for (int i = 0; i < size; i++) {
            double value = labels.at(i);
            int label = (int) value;
            if (label == value && label > 0 && label <= MAX_LABEL) {
                SHORTS.set(data, 2 * i, (short) label);
            }
        }
        return new LabelArray(data, true, depth, height, width);
    }

    /** The largest label that could occur. */
    int maxLabel() {
        return wide ? MAX_LABEL : 0xff;
    }

    int depth() {
        return depth;
    }

    int height() {
        return height;
    }

    int width() {
        return width;
    }

    boolean sameShape(LabelArray other) {
        return depth == other.depth && height == other.height && width == other.width;
    }

    /** Index of the first voxel of a row. */
    int row(int z, int y) {
        return (z * height + y) * width;
    }

    int get(int index) {
        return wide ? Short.toUnsignedInt((short) SHORTS.get(data, 2 * index)) : Byte.toUnsignedInt(data[index]);
    }

    /** First index after {@code start} whose label differs from the one at {@code start}, or {@code end}. */
    int runEnd(int start, int end) {
        int label = get(start);
        long everywhere = broadcast(label);
        int step = voxelsPerLong();
        int i = start + 1;
        for (; i + step <= end; i += step) {
            long difference = (long) LONGS.get(data, byteIndex(i)) ^ everywhere;
            if (difference != 0) {
                return i + Long.numberOfTrailingZeros(difference) / (Long.SIZE / step);
            }
        }
        while (i < end && get(i) == label) {
            i++;
        }
        return i;
    }

    /** Where in the box the label lies. */
    BitGrid mask(int label, LabelBoxes.Extent box) {
        BitGrid mask = new BitGrid(box.size0(), box.size1(), box.size2());
        for (int i = 0; i < mask.size0; i++) {
            for (int j = 0; j < mask.size1; j++) {
                int start = row(box.low0() + i, box.low1() + j) + box.low2();
                maskRow(label, start, mask.size2, mask.words, mask.row(i, j));
            }
        }
        return mask;
    }

    private void maskRow(int label, int start, int length, long[] words, int firstWord) {
        long everywhere = broadcast(label);
        int step = voxelsPerLong();
        int k = 0;
        for (; k + step <= length; k += step) {
            long difference = (long) LONGS.get(data, byteIndex(start + k)) ^ everywhere;
            long equal = wide ? zeroShorts(difference) : zeroBytes(difference);
            words[firstWord + (k >> 6)] |= equal << k;
        }
        for (; k < length; k++) {
            if (get(start + k) == label) {
                words[firstWord + (k >> 6)] |= 1L << k;
            }
        }
    }

    private int byteIndex(int index) {
        return wide ? 2 * index : index;
    }

    private int voxelsPerLong() {
        return wide ? 4 : 8;
    }

    private long broadcast(int label) {
        return label * (wide ? 0x0001_0001_0001_0001L : 0x0101_0101_0101_0101L);
    }

    /** Bit n of the result says whether byte n is zero. */
    private static long zeroBytes(long x) {
        long low = 0x7f7f_7f7f_7f7f_7f7fL;
        long zero = ~((x & low) + low | x | low) >>> 7;
        // The product moves bit 8n to bit 56 + n.
        return zero * 0x0102_0408_1020_4080L >>> 56;
    }

    /** Bit n of the result says whether 16-bit lane n is zero. */
    private static long zeroShorts(long x) {
        long low = 0x7fff_7fff_7fff_7fffL;
        long zero = ~((x & low) + low | x | low) >>> 15;
        // The product moves bit 16n to bit 48 + n.
        return zero * 0x0001_0002_0004_0008L >>> 48 & 0xf;
    }
}
