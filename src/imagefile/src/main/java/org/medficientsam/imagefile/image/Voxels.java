package org.medficientsam.imagefile.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Numbers as they lie in a file, one after the other, in the file's own type and byte order: a CT stays at two bytes a voxel
 * until its window makes it one.
 */
public final class Voxels {
    private final NumberType type;
    private final ByteBuffer buffer;
    private final int count;

    private Voxels(NumberType type, ByteBuffer buffer, int count) {
        this.type = type;
        this.buffer = buffer;
        this.count = count;
    }

    /**
     * A view; the caller must let go of {@code bytes}.
     *
     * @param offset where the first number begins
     * @throws IllegalArgumentException if the array ends before the last one
     */
    public static Voxels adopt(NumberType type, ByteOrder order, byte[] bytes, int offset, int count) {
        if (offset < 0 || count < 0 || (long) count * type.bytes() > bytes.length - offset)
            throw new IllegalArgumentException(
                    "%d voxels of %s must fit %d bytes from %d".formatted(count, type, bytes.length, offset));
        ByteBuffer view = ByteBuffer.wrap(bytes, offset, count * type.bytes()).slice();
        return new Voxels(type, view.order(order), count);
    }

    /** uint8 from its first byte to its last. */
    public static Voxels uint8(byte[] bytes) {
        return adopt(NumberType.UINT8, ByteOrder.LITTLE_ENDIAN, bytes, 0, bytes.length);
    }

    /** The array itself where it holds these uint8 numbers and nothing else, so that it need not be copied. */
    public Optional<byte[]> uint8Array() {
        boolean all = type == NumberType.UINT8 && buffer.arrayOffset() == 0 && buffer.array().length == count;
        return all ? Optional.of(buffer.array()) : Optional.empty();
    }

    /** How they are stored. */
    public NumberType type() {
        return type;
    }

    /** How many there are. */
    public int count() {
        return count;
    }

    /** Number {@code i}; integers beyond 2^53 are rounded to the nearest double. */
    public double get(int i) {
        return switch (type) {
            case UINT8 -> buffer.get(i) & 0xff;
            case INT8 -> buffer.get(i);
            case UINT16 -> buffer.getShort(2 * i) & 0xffff;
            case INT16 -> buffer.getShort(2 * i);
            case UINT32 -> buffer.getInt(4 * i) & 0xffff_ffffL;
            case INT32 -> buffer.getInt(4 * i);
            case UINT64 -> unsigned(buffer.getLong(8 * i));
            case INT64 -> buffer.getLong(8 * i);
            case FLOAT32 -> buffer.getFloat(4 * i);
            case FLOAT64 -> buffer.getDouble(8 * i);
        };
    }

    /** The 16 bits of number {@code i} of a 16-bit type, or the 8 of an 8-bit one, as an index into a table of all such numbers. */
    public int bits(int i) {
        return type.bytes() == 1 ? buffer.get(i) & 0xff : buffer.getShort(2 * i) & 0xffff;
    }

    /** What {@link #get} gives for these {@link #bits}. */
    public double ofBits(int bits) {
        return switch (type) {
            case INT8 -> (byte) bits;
            case INT16 -> (short) bits;
            default -> bits;
        };
    }

    /**
     * How often each of the {@link #bits} occurs, of a type of at most 16 bits.
     *
     * @return a count per possible number
     */
    public int[] histogram() {
        int[] counts = new int[type.bytes() == 1 ? 1 << 8 : 1 << 16];
        if (type.bytes() == 1) for (int i = 0; i < count; i++) counts[buffer.get(i) & 0xff]++;
        else for (int i = 0; i < count; i++) counts[buffer.getShort(2 * i) & 0xffff]++;
        return counts;
    }

    /**
     * What a table makes of each number, in their order, of a type of at most 16 bits.
     *
     * @param table one entry for each of the possible {@link #bits}
     */
    public byte[] mapped(byte[] table) {
        byte[] mapped = new byte[count];
        if (type.bytes() == 1) for (int i = 0; i < count; i++) mapped[i] = table[buffer.get(i) & 0xff];
        else for (int i = 0; i < count; i++) mapped[i] = table[buffer.getShort(2 * i) & 0xffff];
        return mapped;
    }

    /**
     * Their bytes, number after number, in an order of bytes.
     *
     * @param from first number
     * @param count of numbers
     */
    public byte[] bytes(int from, int count, ByteOrder order) {
        int size = type.bytes();
        byte[] bytes = new byte[count * size];
        buffer.get(from * size, bytes);
        if (order == buffer.order() || size == 1) return bytes;
        for (int at = 0; at < bytes.length; at += size)
            for (int i = 0; i < size / 2; i++) {
                byte swapped = bytes[at + i];
                bytes[at + i] = bytes[at + size - 1 - i];
                bytes[at + size - 1 - i] = swapped;
            }
        return bytes;
    }

    private static double unsigned(long bits) {
        // Halved with the lost bit kept sticky, so that the one rounding is the right one.
        return bits >= 0 ? bits : (double) (bits >>> 1 | bits & 1) * 2;
    }
}
