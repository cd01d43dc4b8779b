package org.medficientsam.imagefile.result;

import org.medficientsam.casefile.LabelMap;

/** A mask of everything that has a label, a bit per voxel, the highest first, row-major (D, H, W), as {@code numpy.packbits} has it. */
public final class MaskBits {
    private MaskBits() {}

    /** Bits of a label map, the last byte filled up with zeros. */
    public static byte[] of(LabelMap labels) {
        short[] all = labels.labels();
        byte[] bits = new byte[(int) ((all.length + 7L) >> 3)];
        for (int i = 0; i < all.length; i++) if (all[i] != 0) bits[i >> 3] |= (byte) (0x80 >> (i & 7));
        return bits;
    }

    /** Whether the voxel of that index has a label. */
    public static boolean get(byte[] bits, int index) {
        return (bits[index >> 3] & 0x80 >> (index & 7)) != 0;
    }
}
