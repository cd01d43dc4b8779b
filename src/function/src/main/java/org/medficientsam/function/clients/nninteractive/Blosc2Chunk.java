package org.medficientsam.function.clients.nninteractive;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdCompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
    private static final int MOST_BLOCK = 32 << 20;
    private static final int ZSTD = 4;

    // Of the byte of flags.
    private static final int EXTENDED = 0x05;
    private static final int STORED = 0x02;
    private static final int WHOLE_BLOCKS = 0x10;

    // Of the last byte of the header.
    private static final int SPECIAL = 0x70;
    private static final int REPEATED = 3;

    private static final int SHUFFLE = 1;

    private final ByteBuffer chunk;
    private final int length;
    private final int typeSize;
    private final int blockSize;
    private final int flags;
    private final ZstdDecompressor zstd = new ZstdDecompressor();

    /** Takes bytes in their order. */
    interface Sink {
        /** @param bytes is used again afterwards */
        void take(byte[] bytes, int count) throws IOException;
    }

    /** Gives bytes in their order. */
    interface Source {
        /** Fills the first {@code count} of {@code bytes}. */
        void give(byte[] bytes, int count) throws IOException;
    }

    private Blosc2Chunk(ByteBuffer chunk) {
        this.chunk = chunk;
        this.length = chunk.remaining();
        this.flags = Byte.toUnsignedInt(chunk.get(2));
        this.typeSize = Byte.toUnsignedInt(chunk.get(3));
        this.blockSize = chunk.getInt(8);
    }

    /**
     * Inflates a chunk to exactly {@code size} bytes, never more than a block at a time.
     *
     * @throws InvalidCaseException if it is damaged, of another size, or of another kind
     */
    static void inflate(ByteBuffer stored, int size, Sink sink) throws IOException {
        if (stored.remaining() < HEADER) throw damaged("a header of 32 bytes", stored.remaining() + " bytes");
        Blosc2Chunk chunk = new Blosc2Chunk(stored.slice().order(ByteOrder.LITTLE_ENDIAN));
        chunk.check(size);
        try {
            chunk.inflate(size, sink);
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
        if ((flags & EXTENDED) != EXTENDED || typeSize == 0 || size < 1)
            throw damaged("version 5 with an extended header", "version " + chunk.get(0));
        if (blockSize < 1 || (blockSize > MOST_BLOCK && size > MOST_BLOCK))
            throw damaged("blocks of at most %d bytes".formatted(MOST_BLOCK), "" + blockSize);
        if ((chunk.get(31) & ~SPECIAL) != 0) throw damaged("without dictionary and extensions", "flags");
        for (int i = 16; i < 22; i++)
            if (chunk.get(i) != 0 && chunk.get(i) != SHUFFLE)
                throw damaged("filters none or shuffle", "filter " + chunk.get(i));
    }

    private boolean isShuffled() {
        for (int i = 16; i < 22; i++) if (chunk.get(i) == SHUFFLE) return typeSize > 1;
        return false;
    }

    private void inflate(int size, Sink sink) throws IOException {
        byte[] bytes = new byte[Math.min(blockSize, size)];
        int special = (chunk.get(31) & SPECIAL) >> 4;
        boolean stored = (flags & STORED) != 0;
        if (special > 1 && special != REPEATED) throw damaged("numbers", "none");
        if (special == 0 && !stored && flags >> 5 != ZSTD) throw damaged("of Zstandard", "another codec");
        byte[] shuffled = isShuffled() ? new byte[bytes.length] : bytes;
        for (int block = 0; (long) block * blockSize < size; block++) {
            int from = block * blockSize;
            int count = Math.min(blockSize, size - from);
            if (special == REPEATED) {
                for (int i = 0; i < count; i++) bytes[i] = chunk.get(HEADER + (from + i) % typeSize);
            } else if (stored) {
                chunk.get(HEADER + from, bytes, 0, count);
            } else if (special == 0) {
                inflateBlock(block, count, shuffled);
                if (shuffled != bytes) unshuffle(shuffled, count, bytes);
            } // else zeros
            sink.take(bytes, count);
        }
    }

    private void inflateBlock(int block, int count, byte[] into) {
        int place = chunk.getInt(HEADER + 4 * block);
        boolean split = (flags & WHOLE_BLOCKS) == 0 && count == blockSize;
        int streams = split ? typeSize : 1;
        int each = count / streams;
        for (int stream = 0; stream < streams; stream++) {
            int stored = chunk.getInt(place);
            place += 4;
            int to = stream * each;
            if (stored <= 0) {
                // Nothing but one byte; a zero needs no more, of others a token says that they follow negated.
                if (stored < 0 && (chunk.get(place++) & 1) == 0) throw damaged("runs", "another token");
                Arrays.fill(into, to, to + each, (byte) -stored);
                continue;
            }
            if (stored > length - place || stored > each) throw damaged("streams inside", "longer ones");
            byte[] bytes = new byte[stored];
            chunk.get(place, bytes);
            if (stored == each) System.arraycopy(bytes, 0, into, to, each);
            else if (zstd.decompress(bytes, 0, stored, into, to, each) != each)
                throw damaged("streams of %d bytes".formatted(each), "less");
            place += stored;
        }
    }

    private void unshuffle(byte[] shuffled, int count, byte[] into) {
        int elements = count / typeSize;
        for (int b = 0; b < typeSize; b++)
            for (int i = 0; i < elements; i++) into[i * typeSize + b] = shuffled[b * elements + i];
        int rest = elements * typeSize;
        System.arraycopy(shuffled, rest, into, rest, count - rest);
    }

    /** So many bytes as one chunk. */
    static byte[] deflate(int size, Source source) throws IOException {
        int blockSize = Math.min(BLOCK, size);
        int blocks = (size + blockSize - 1) / blockSize;
        int starts = HEADER + 4 * blocks;
        ByteBuffer header = ByteBuffer.allocate(starts).order(ByteOrder.LITTLE_ENDIAN);
        header.put((byte) 5)
                .put((byte) 1)
                .put((byte) (EXTENDED | WHOLE_BLOCKS | ZSTD << 5))
                .put((byte) 1);
        header.putInt(size).putInt(blockSize);
        header.put(22, (byte) 5); // Zstandard by the number that the library itself uses
        ZstdCompressor compressor = new ZstdCompressor();
        byte[] bytes = new byte[blockSize];
        byte[] packed = new byte[compressor.maxCompressedLength(blockSize)];
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int block = 0; block < blocks; block++) {
            int count = Math.min(blockSize, size - block * blockSize);
            source.give(bytes, count);
            header.putInt(HEADER + 4 * block, starts + all.size());
            int stored = compressor.compress(bytes, 0, count, packed, 0, packed.length);
            boolean shorter = stored < count;
            byte[] length = new byte[4];
            ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).putInt(shorter ? stored : count);
            all.writeBytes(length);
            all.write(shorter ? packed : bytes, 0, shorter ? stored : count);
        }
        header.putInt(12, starts + all.size());
        ByteBuffer chunk = ByteBuffer.allocate(starts + all.size());
        return chunk.put(header.array()).put(all.toByteArray()).array();
    }
}
