package org.medficientsam.function.clients.nninteractive;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;

/**
 * An array as nnInteractive's client and server send it: {@code NNIA}, version 1, codec, axes, length of the name of the type, that
 * name, int64 sizes, uint32 number of chunks, and of each the uint64 inflated and stored bytes and a {@linkplain Blosc2Chunk chunk}.
 * All little-endian.
 */
final class PackedArray {
    private static final byte[] MAGIC = "NNIA".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_AXES = 8;

    /** The name of a type, and what NumPy's file format calls it. */
    private static final Map<String, String> TYPES = Map.of(
            "bool", "|b1", "uint8", "|u1", "int8", "|i1", "uint16", "<u2", "int16", "<i2", "uint32", "<u4", "int32",
            "<i4", "float32", "<f4", "float64", "<f8");

    private final String type;
    private final int[] shape;
    private final byte[] data; // row-major, little-endian

    private PackedArray(String type, int[] shape, byte[] data) {
        this.type = type;
        this.shape = shape;
        this.data = data;
    }

    /**
     * Reads an array that inflates to no more than {@code most} bytes; nothing of the declared size is allocated before that is known.
     *
     * @throws InvalidCaseException if it is damaged or larger
     */
    static PackedArray read(byte[] packed, long most) {
        ByteBuffer in = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
        try {
            return read(in, most);
        } catch (java.nio.BufferUnderflowException e) {
            throw malformed("a packed array", "whole", "%d bytes".formatted(packed.length));
        }
    }

    private static PackedArray read(ByteBuffer in, long most) {
        byte[] magic = new byte[MAGIC.length];
        in.get(magic);
        int version = in.get();
        if (!Arrays.equals(magic, MAGIC) || version != 1)
            throw malformed("a packed array", "NNIA version 1", "something else");
        in.get(); // the codec, which each chunk says too
        int axes = Byte.toUnsignedInt(in.get());
        byte[] name = new byte[Byte.toUnsignedInt(in.get())];
        in.get(name);
        String type = new String(name, StandardCharsets.ISO_8859_1);
        String npy = TYPES.get(type);
        if (npy == null)
            throw malformed(
                    "a packed array", "of " + TYPES.keySet().stream().sorted().toList(), "another type");
        if (axes < 1 || axes > MAX_AXES) throw malformed("a packed array", "1 to 8 axes", "" + axes);
        int[] shape = new int[axes];
        long bytes = npy.charAt(2) - '0';
        for (int i = 0; i < axes; i++) {
            long size = in.getLong();
            if (size < 1 || size > most) throw malformed("a packed array", "sizes of 1 to " + most, "" + size);
            shape[i] = (int) size;
            bytes *= size;
            if (bytes > most)
                throw new InvalidCaseException(
                        Reason.TOO_LARGE, "a packed array", "at most %d bytes inflated".formatted(most), "more");
        }
        return new PackedArray(type, shape, chunks(in, (int) bytes));
    }

    private static byte[] chunks(ByteBuffer in, int bytes) {
        byte[] data = new byte[bytes];
        int at = 0;
        for (int left = in.getInt(); left > 0; left--) {
            long inflated = in.getLong();
            long stored = in.getLong();
            if (inflated < 1 || inflated > bytes - at || stored < 0 || stored > in.remaining())
                throw malformed("a packed array", "chunks of %d bytes".formatted(bytes), "another size");
            Blosc2Chunk.inflate(in.array(), in.position(), (int) stored, data, at, (int) inflated);
            at += (int) inflated;
            in.position(in.position() + (int) stored);
        }
        if (at != bytes) throw malformed("a packed array", "%d bytes".formatted(bytes), "" + at);
        return data;
    }

    /** Sizes, slowest axis first. */
    int[] shape() {
        return shape.clone();
    }

    /** The numbers themselves, not a copy: row-major, little-endian. */
    byte[] data() {
        return data;
    }

    /** The name of the type of its numbers, as NumPy has it. */
    String type() {
        return type;
    }

    /** The same numbers as NumPy's own file, of another shape with as many. */
    byte[] toNpy(int... as) {
        String header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }"
                .formatted(
                        TYPES.get(type), Arrays.toString(as).replace('[', '(').replace(']', ')'));
        int length = (10 + header.length() + 1 + 63) / 64 * 64 - 10;
        ByteArrayOutputStream npy = new ByteArrayOutputStream(10 + length + data.length);
        npy.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) length, (byte) (length >> 8)});
        npy.writeBytes((header + " ".repeat(length - header.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII));
        npy.writeBytes(data);
        return npy.toByteArray();
    }

    /** Packs uint8 numbers. */
    static byte[] pack(byte[] numbers, int... shape) {
        byte[] chunk = Blosc2Chunk.deflate(numbers);
        ByteBuffer out = ByteBuffer.allocate(8 + 5 + 8 * shape.length + 4 + 16 + chunk.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        out.put(MAGIC).put((byte) 1).put((byte) 1).put((byte) shape.length).put((byte) 5);
        out.put("uint8".getBytes(StandardCharsets.US_ASCII));
        for (int size : shape) out.putLong(size);
        out.putInt(1).putLong(numbers.length).putLong(chunk.length).put(chunk);
        return out.array();
    }
}
