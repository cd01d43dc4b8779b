package org.medficientsam.function.clients.nninteractive;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;
import org.medficientsam.function.service.CaseContent;

/**
 * An array as nnInteractive's client and server send it: {@code NNIA}, version 1, codec, axes, length of the name of the type, that
 * name, int64 sizes, uint32 number of chunks, and of each the uint64 inflated and stored bytes and a {@linkplain Blosc2Chunk chunk}.
 * All little-endian, numbers row-major.
 */
final class PackedArray {
    private static final byte[] MAGIC = "NNIA".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_AXES = 8;
    private static final String FIELD = "a packed array";

    /** The name of a type, and what NumPy's file format calls it. */
    private static final Map<String, String> TYPES = Map.of(
            "bool", "|b1", "uint8", "|u1", "int8", "|i1", "uint16", "<u2", "int16", "<i2", "uint32", "<u4", "int32",
            "<i4", "float32", "<f4", "float64", "<f8");

    private final ByteBuffer chunks;
    private final String type;
    private final int[] shape;
    private final int bytes;

    private PackedArray(ByteBuffer chunks, String type, int[] shape, int bytes) {
        this.chunks = chunks;
        this.type = type;
        this.shape = shape;
        this.bytes = bytes;
    }

    /**
     * Reads the header.
     *
     * @param most bytes of its numbers
     * @throws InvalidCaseException if it is damaged, or would be larger
     */
    static PackedArray of(ByteBuffer packed, long most) {
        try {
            return header(packed.slice().order(ByteOrder.LITTLE_ENDIAN), most);
        } catch (BufferUnderflowException e) {
            throw malformed(FIELD, "whole", "%d bytes".formatted(packed.remaining()));
        }
    }

    /** As {@link #of(ByteBuffer, long)}, of a body that stays where it is; not to be used once that is closed. */
    static PackedArray of(CaseContent.Received body, long most) throws IOException {
        if (body instanceof CaseContent.InMemory memory) return of(ByteBuffer.wrap(memory.npz()), most);
        try (FileChannel channel = FileChannel.open(((CaseContent.InFile) body).npz(), StandardOpenOption.READ)) {
            return of(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()), most);
        }
    }

    private static PackedArray header(ByteBuffer in, long most) {
        byte[] magic = new byte[MAGIC.length];
        in.get(magic);
        int version = in.get();
        if (!Arrays.equals(magic, MAGIC) || version != 1) throw malformed(FIELD, "NNIA version 1", "something else");
        in.get(); // the codec, which each chunk says too
        int axes = Byte.toUnsignedInt(in.get());
        byte[] name = new byte[Byte.toUnsignedInt(in.get())];
        in.get(name);
        String type = new String(name, StandardCharsets.ISO_8859_1);
        String npy = TYPES.get(type);
        if (npy == null)
            throw malformed(FIELD, "of " + TYPES.keySet().stream().sorted().toList(), "another type");
        if (axes < 1 || axes > MAX_AXES) throw malformed(FIELD, "1 to 8 axes", "" + axes);
        int[] shape = new int[axes];
        long bytes = npy.charAt(2) - '0';
        for (int i = 0; i < axes; i++) {
            long size = in.getLong();
            if (size < 1) throw malformed(FIELD, "without an empty axis", "one");
            bytes = size > most ? size : bytes * size;
            if (bytes > most)
                throw new InvalidCaseException(
                        Reason.TOO_LARGE, FIELD, "at most %d bytes inflated".formatted(most), "more");
            shape[i] = (int) size;
        }
        return new PackedArray(in, type, shape, (int) bytes);
    }

    /** Sizes, slowest axis first. */
    int[] shape() {
        return shape.clone();
    }

    /** The name of the type of its numbers, as NumPy has it. */
    String type() {
        return type;
    }

    /** Bytes of all its numbers. */
    int bytes() {
        return bytes;
    }

    /** Bytes of a number. */
    int typeSize() {
        return TYPES.getOrDefault(type, "  1").charAt(2) - '0';
    }

    /**
     * Inflates the numbers, a block at a time; once.
     *
     * @throws InvalidCaseException if they are damaged, or not as many as the shape says
     */
    void inflate(Blosc2Chunk.Sink sink) throws IOException {
        ByteBuffer in = chunks;
        try {
            int rest = bytes;
            for (int left = in.getInt(); left > 0; left--) {
                long inflated = in.getLong();
                long stored = in.getLong();
                if (inflated < 1 || inflated > rest || stored < 0 || stored > in.remaining())
                    throw malformed(FIELD, "chunks of %d bytes".formatted(bytes), "another size");
                Blosc2Chunk.inflate(in.slice().limit((int) stored), (int) inflated, sink);
                rest -= (int) inflated;
                in.position(in.position() + (int) stored);
            }
            if (rest > 0) throw malformed(FIELD, "%d bytes".formatted(bytes), "%d less".formatted(rest));
        } catch (BufferUnderflowException e) {
            throw malformed(FIELD, "whole", "cut off");
        }
    }

    /** Writes the numbers as NumPy's own file, in another shape with as many; once. */
    void writeNpy(OutputStream out, int... as) throws IOException {
        String sizes = Arrays.stream(as).mapToObj(Integer::toString).collect(Collectors.joining(", ", "(", ")"));
        String header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(TYPES.get(type), sizes);
        int length = (10 + header.length() + 1 + 63) / 64 * 64 - 10;
        out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) length, (byte) (length >> 8)});
        out.write((header + " ".repeat(length - header.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII));
        inflate((numbers, count) -> out.write(numbers, 0, count));
    }

    /** Packs uint8 numbers. */
    static byte[] pack(Blosc2Chunk.Source numbers, int... shape) throws IOException {
        int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        byte[] chunk = Blosc2Chunk.deflate(size, numbers);
        ByteBuffer out = ByteBuffer.allocate(8 + 5 + 8 * shape.length + 4 + 16 + chunk.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        out.put(MAGIC).put((byte) 1).put((byte) 1).put((byte) shape.length).put((byte) 5);
        out.put("uint8".getBytes(StandardCharsets.US_ASCII));
        for (int axis : shape) out.putLong(axis);
        return out.putInt(1).putLong(size).putLong(chunk.length).put(chunk).array();
    }
}
