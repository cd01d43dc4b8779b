package org.medficientsam.function.clients.labelstudio;

import java.io.ByteArrayOutputStream;
import java.util.function.IntPredicate;

/**
 * A mask as a brush of Label Studio: the run lengths of {@code @thi.ng/rle-pack} over RGBA, all four 255 where the mask is. Bits, the
 * highest first: 32 for the number of values, 5 for the bits of a value - 1, four times 4 for the bits of a length - 1; then per run a
 * 1, which of the four lengths, the length - 1, and the value.
 *
 * @see <a href="https://github.com/thi-ng/umbrella/tree/develop/packages/rle-pack">rle-pack</a>
 */
final class BrushRle {
    /** Bits of a length. */
    private static final int[] LENGTHS = {3, 4, 8, 16};

    private static final int LONGEST = 1 << 16;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long pending;
    private int bits;

    private BrushRle() {}

    /**
     * The brush.
     *
     * @param pixels H x W
     * @param mask whether a pixel, by its index in row-major order, belongs to it
     */
    static int[] of(int pixels, IntPredicate mask) {
        BrushRle rle = new BrushRle();
        rle.put(Math.multiplyExact(4, pixels), 32);
        rle.put(7, 5);
        for (int length : LENGTHS) rle.put(length - 1, 4);
        for (int from = 0; from < pixels; ) {
            boolean inside = mask.test(from);
            int to = from + 1;
            while (to < pixels && mask.test(to) == inside) to++;
            rle.run(4L * (to - from), inside ? 255 : 0);
            from = to;
        }
        return rle.finish();
    }

    private void run(long length, int value) {
        for (long left = length; left > 0; left -= LONGEST) {
            int part = (int) Math.min(left, LONGEST);
            int size = 0;
            while (part > 1 << LENGTHS[size]) size++;
            put(1, 1);
            put(size, 2);
            put(part - 1, LENGTHS[size]);
            put(value, 8);
        }
    }

    private void put(int value, int count) {
        pending = pending << count | Integer.toUnsignedLong(value) & (1L << count) - 1;
        bits += count;
        while (bits >= 8) {
            bits -= 8;
            bytes.write((int) (pending >> bits));
        }
        pending &= (1L << bits) - 1;
    }

    private int[] finish() {
        put(0, (8 - bits) % 8);
        byte[] all = bytes.toByteArray();
        int[] numbers = new int[all.length];
        for (int i = 0; i < all.length; i++) numbers[i] = Byte.toUnsignedInt(all[i]);
        return numbers;
    }
}
