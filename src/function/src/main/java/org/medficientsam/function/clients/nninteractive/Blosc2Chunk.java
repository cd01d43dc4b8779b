package org.medficientsam.function.clients.nninteractive;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdCompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.medficientsam.casefile.InvalidCaseException;

/**
 * One chunk of Blosc 2 with Zstandard inside, as {@code blosc2.compress2} writes it. A chunk is a header of 32 bytes, where each block
 * begins, and the blocks; a block is one stream, or one per byte of an element; shuffling brings the bytes of the same place together.
 *
 * @see <a href="https://github.com/Blosc/c-blosc2/blob/main/README_CHUNK_FORMAT.rst">Blosc 2 chunk format</a>
 */
final class Blosc2Chunk {
    private static final int HEADER = 32;
    private static final int BLOCK = 1 << 20;
    private static final int ZSTD = 4;

    // Of the byte of flags.
    private static final int EXTENDED = 0x05;
    private static final int STORED = 0x02;
    private static final int WHOLE_BLOCKS = 0x10;

    // Of the last byte of the header.
    private static final int SPECIAL = 0x70;
    private static final int ZEROS = 1;
    private static final int REPEATED = 3;

    private static final int SHUFFLE = 1;

    private final ByteBuffer chunk;
    private final byte[] source;
    private final int start;
    private final int length;
    private final int typeSize;
    private final int blockSize;
    private final int flags;

    private Blosc2Chunk(byte[] source, int start, int length) {
        this.source = source;
        this.start = start;
        this.length = length;
        this.chunk = ByteBuffer.wrap(source, start, length).slice().order(ByteOrder.LITTLE_ENDIAN);
        this.flags = chunk.get(2);
        this.typeSize = Byte.toUnsignedInt(chunk.get(3));
        this.blockSize = chunk.getInt(8);
    }

    /**
     * Inflates a chunk to exactly {@code size} bytes of {@code into}, which must be blank.
     *
     * @throws InvalidCaseException if it is damaged, of another size, or of another kind
     */
    static void inflate(byte[] source, int start, int length, byte[] into, int at, int size) {
        if (length < HEADER) throw damaged("a header of 32 bytes", length + " bytes");
        Blosc2Chunk chunk = new Blosc2Chunk(source, start, length);
        chunk.check(size);
        try {
            chunk.inflate(into, at, size);
        } catch (MalformedInputException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw damaged("intact", "damaged");
        }
    }

    private static InvalidCaseException damaged(String expected, String found) {
        return malformed("a Blosc 2 chunk", expected, found);
    }

    private void check(int size) {
        if (chunk.getInt(4) != size || chunk.getInt(12) != length)
            throw damaged("%d bytes in %d".formatted(size, length), chunk.getInt(4) + " in " + chunk.getInt(12));
        if ((flags & EXTENDED) != EXTENDED || typeSize == 0 || blockSize < 1)
            throw damaged("version 5 with an extended header", "version " + chunk.get(0));
        if ((chunk.get(31) & ~SPECIAL) != 0) throw damaged("without dictionary and extensions", "flags");
        for (int i = 16; i < 22; i++)
            if (chunk.get(i) != 0 && chunk.get(i) != SHUFFLE)
                throw damaged("filters none or shuffle", "filter " + chunk.get(i));
    }

    private boolean isShuffled() {
        for (int i = 16; i < 22; i++) if (chunk.get(i) == SHUFFLE) return typeSize > 1;
        return false;
    }

    private void inflate(byte[] into, int at, int size) {
        int special = (chunk.get(31) & SPECIAL) >> 4;
        if (special == ZEROS) return;
        if (special == REPEATED) {
            for (int i = 0; i < size; i++) into[at + i] = chunk.get(HEADER + i % typeSize);
            return;
        }
        if (special != 0) throw damaged("numbers", "none");
        if ((flags & STORED) != 0) {
            chunk.get(HEADER, into, at, size);
            return;
        }
        if (flags >> 5 != ZSTD && (flags & 0xe0) >> 5 != ZSTD) throw damaged("of Zstandard", "another codec");
        byte[] shuffled = new byte[isShuffled() ? Math.min(blockSize, size) : 0];
        for (int block = 0; (long) block * blockSize < size; block++) {
            int from = block * blockSize;
            int bytes = Math.min(blockSize, size - from);
            if (shuffled.length == 0) {
                inflateBlock(block, bytes, into, at + from);
            } else {
                inflateBlock(block, bytes, shuffled, 0);
                unshuffle(shuffled, bytes, into, at + from);
            }
        }
    }

    private void inflateBlock(int block, int bytes, byte[] into, int at) {
        int place = chunk.getInt(HEADER + 4 * block);
        boolean split = (flags & WHOLE_BLOCKS) == 0 && bytes == blockSize;
        int streams = split ? typeSize : 1;
        int each = bytes / streams;
        ZstdDecompressor zstd = new ZstdDecompressor();
        for (int stream = 0; stream < streams; stream++) {
            int stored = chunk.getInt(place);
            place += 4;
            int to = at + stream * each;
            if (stored <= 0) {
                // Nothing but one byte; a zero needs no more, of others a token says that they follow negated.
                if (stored < 0 && (chunk.get(place++) & 1) == 0) throw damaged("runs", "another token");
                Arrays.fill(into, to, to + each, (byte) -stored);
            } else {
                if (stored > length - place) throw damaged("streams inside", "one beyond the end");
                if (stored == each) chunk.get(place, into, to, each);
                else if (zstd.decompress(source, start + place, stored, into, to, each) != each)
                    throw damaged("streams of %d bytes".formatted(each), "less");
                place += stored;
            }
        }
    }

    private void unshuffle(byte[] shuffled, int bytes, byte[] into, int at) {
        int elements = bytes / typeSize;
        for (int b = 0; b < typeSize; b++)
            for (int i = 0; i < elements; i++) into[at + i * typeSize + b] = shuffled[b * elements + i];
        int rest = elements * typeSize;
        System.arraycopy(shuffled, rest, into, at + rest, bytes - rest);
    }

    /** Bytes as one chunk. */
    static byte[] deflate(byte[] bytes) {
        int blockSize = Math.min(BLOCK, bytes.length);
        int blocks = (bytes.length + blockSize - 1) / blockSize;
        ZstdCompressor zstd = new ZstdCompressor();
        ByteBuffer out = ByteBuffer.allocate(
                        HEADER + 8 * blocks + blocks * Math.max(blockSize, zstd.maxCompressedLength(blockSize)))
                .order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 5)
                .put((byte) 1)
                .put((byte) (EXTENDED | WHOLE_BLOCKS | ZSTD << 5))
                .put((byte) 1);
        out.putInt(bytes.length).putInt(blockSize);
        out.put(22, (byte) 5); // Zstandard by the number that the library itself uses
        out.position(HEADER + 4 * blocks);
        for (int block = 0; block < blocks; block++) {
            int from = block * blockSize;
            int size = Math.min(blockSize, bytes.length - from);
            out.putInt(HEADER + 4 * block, out.position());
            int place = out.position() + 4;
            int stored = zstd.compress(bytes, from, size, out.array(), place, out.capacity() - place);
            if (stored >= size) {
                System.arraycopy(bytes, from, out.array(), place, size);
                stored = size;
            }
            out.putInt(stored).position(place + stored);
        }
        out.putInt(12, out.position());
        return Arrays.copyOf(out.array(), out.position());
    }
}
