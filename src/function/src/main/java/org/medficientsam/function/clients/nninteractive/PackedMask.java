package org.medficientsam.function.clients.nninteractive;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A mask of a volume, a bit per voxel, the highest first, row-major (D, H, W), as {@code numpy.packbits} lays them; kept deflated. */
final class PackedMask {
    private final byte[] deflated;
    private final int length; // bytes

    private PackedMask(byte[] deflated, int length) {
        this.deflated = deflated;
        this.length = length;
    }

    /** Takes the bits as they are; the caller may go on to use them. */
    static PackedMask of(byte[] bits) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try {
            deflater.setInput(bits);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] part = new byte[1 << 14];
            while (!deflater.finished()) out.write(part, 0, deflater.deflate(part));
            return new PackedMask(out.toByteArray(), bits.length);
        } finally {
            deflater.end();
        }
    }

    /** Sets the bits of this mask among others. */
    void addTo(byte[] bits) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(deflated);
            byte[] part = new byte[1 << 14];
            for (int at = 0; at < length; ) {
                int count = inflater.inflate(part);
                for (int i = 0; i < count; i++) bits[at + i] |= part[i];
                at += count;
            }
        } catch (DataFormatException e) {
            throw new IllegalStateException("what was deflated inflates", e);
        } finally {
            inflater.end();
        }
    }

    /** Whether the voxel of that index is set. */
    static boolean get(byte[] bits, long index) {
        return (bits[(int) (index >> 3)] >> (7 - (index & 7)) & 1) != 0;
    }

    /** Sets the voxel of that index. */
    static void set(byte[] bits, long index) {
        bits[(int) (index >> 3)] |= (byte) (0x80 >> (index & 7));
    }

    /** Around everything that is set in one or the other: half-open, z, y and x; empty if nothing is. */
    static Optional<int[][]> around(byte[] one, byte[] other, int[] shape) {
        int[][] box = {{shape[0], 0}, {shape[1], 0}, {shape[2], 0}};
        for (int at = 0; at < one.length; at++) {
            int both = (one[at] | other[at]) & 0xff;
            for (int bit = 0; both != 0; bit++, both = both << 1 & 0xff) {
                if ((both & 0x80) == 0) continue;
                long index = 8L * at + bit;
                grow(box[2], (int) (index % shape[2]));
                grow(box[1], (int) (index / shape[2] % shape[1]));
                grow(box[0], (int) (index / shape[2] / shape[1]));
            }
        }
        return box[0][1] == 0 ? Optional.empty() : Optional.of(box);
    }

    private static void grow(int[] range, int value) {
        range[0] = Math.min(range[0], value);
        range[1] = Math.max(range[1], value + 1);
    }
}
