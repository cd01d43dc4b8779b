package org.medficientsam.casefile.npz;

import static org.medficientsam.casefile.InvalidCaseException.malformed;
import static org.medficientsam.casefile.InvalidCaseException.tooLarge;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.Shape;

/** Reads one entry of an archive as an array. What an entry claims is checked first, and memory grows only with bytes that are there. */
final class NpyReader {
    private static final int STEP = 64 << 10;

    /** An array whose claim is at most this often its compressed size is allocated at once; larger claims have to be filled first. */
    private static final int TRUSTED_RATIO = 16;

    private final String field;
    private final long size;
    private final long compressedSize;
    private final Limits limits;

    /**
     * @param field the array's name
     * @param size of header and data
     * @param compressedSize of both as they are stored
     */
    NpyReader(String field, long size, long compressedSize, Limits limits) {
        this.field = field;
        this.size = size;
        this.compressedSize = compressedSize;
        this.limits = limits;
    }

    /** The array, or nothing if it is None. */
    static Optional<NpyArray> read(
            ZipDirectory.Entry entry, String field, ByteSource source, long maxBytes, Limits limits)
            throws IOException {
        return read(entry, field, source, (checked, inflater) -> {
            Optional<NpyArray> array = new NpyReader(field, entry.size(), entry.compressedSize(), limits)
                    .read(checked, (int) Math.min(maxBytes, limits.maxArrayBytes()));
            if (checked.read() >= 0) throw malformed(field, entry.size() + " bytes long", "more");
            if (entry.method() == ZipDirectory.DEFLATED && inflater.getBytesRead() != entry.compressedSize())
                throw malformed(field, "deflated to " + entry.compressedSize() + " bytes", "fewer");
            if (checked.getChecksum().getValue() != entry.crc())
                throw malformed(field, "intact", "another checksum than the archive says");
            return array;
        });
    }

    /**
     * What the entry claims, which agrees with its length and the limits; its data is neither read nor checked. Nothing if it is
     * of objects, whose header says little.
     */
    static Optional<NpyHeader> header(
            ZipDirectory.Entry entry, String field, ByteSource source, long maxBytes, Limits limits)
            throws IOException {
        return read(entry, field, source, (checked, inflater) -> new NpyReader(
                        field, entry.size(), entry.compressedSize(), limits)
                .header(checked, (int) Math.min(maxBytes, limits.maxArrayBytes()))
                .header);
    }

    private interface Content<T> {
        T of(CheckedInputStream checked, Inflater inflater) throws IOException;
    }

    private static <T> T read(ZipDirectory.Entry entry, String field, ByteSource source, Content<T> content)
            throws IOException {
        Inflater inflater = new Inflater(true);
        try (InputStream compressed = source.stream(entry.dataPosition(), entry.compressedSize());
                InputStream plain = entry.method() == ZipDirectory.STORED
                        ? compressed
                        : new InflaterInputStream(compressed, inflater, STEP);
                CheckedInputStream checked = new CheckedInputStream(plain, new CRC32())) {
            return content.of(checked, inflater);
        } catch (ZipException e) {
            throw malformed(field, "deflated data", "something else");
        } catch (EOFException e) {
            throw malformed(field, entry.size() + " bytes long", "fewer");
        } finally {
            inflater.end();
        }
    }

    /** @param header nothing if the data is of objects */
    private record Head(Optional<NpyHeader> header, long dataBytes) {}

    Optional<NpyArray> read(InputStream in, int maxBytes) throws IOException {
        Head head = header(in, maxBytes);
        if (head.header.isEmpty()) return objects(in, head.dataBytes);
        return Optional.of(NpyArray.decode(field, head.header.get(), grow(in, (int) head.dataBytes)));
    }

    private Head header(InputStream in, int maxBytes) throws IOException {
        byte[] prefix = exactly(in, NpyHeader.PREFIX);
        int lengthBytes = NpyHeader.lengthBytes(prefix, field);
        byte[] length = exactly(in, lengthBytes);
        long headerBytes = 0;
        for (int i = lengthBytes; i-- > 0; ) headerBytes = headerBytes << 8 | Byte.toUnsignedLong(length[i]);
        if (headerBytes > limits.maxHeaderBytes())
            throw tooLarge(
                    field,
                    "an npy array with a header of at most " + limits.maxHeaderBytes() + " bytes",
                    headerBytes + " bytes");
        byte[] text = exactly(in, (int) headerBytes);
        long dataFound = size - NpyHeader.PREFIX - lengthBytes - headerBytes;
        if (NpyHeader.isOfObjects(text) && ObjectArrays.isKnown(field)) return new Head(Optional.empty(), dataFound);
        NpyHeader header = NpyHeader.parse(text, field);
        int dataBytes = header.dataBytes(field, maxBytes);
        if (dataFound != dataBytes) {
            String array = header.dtype() + " " + Shape.toString(header.shape());
            throw malformed(field, array + " with " + dataBytes + " bytes of data", dataFound + " bytes");
        }
        return new Head(Optional.of(header), dataBytes);
    }

    private Optional<NpyArray> objects(InputStream in, long length) throws IOException {
        int most = Math.min(ObjectArrays.MAX_BYTES, limits.maxArrayBytes());
        if (length > most) throw tooLarge(field, "at most " + most + " bytes of objects", length + " bytes");
        return ObjectArrays.read(grow(in, (int) length), field);
    }

    private byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = new byte[length];
        if (in.readNBytes(bytes, 0, length) < length) throw malformed(field, "an npy array", "too few bytes for one");
        return bytes;
    }

    private byte[] grow(InputStream in, int length) throws IOException {
        byte[] data = new byte[(int) Math.min(length, Math.max(STEP, compressedSize * TRUSTED_RATIO))];
        int filled = 0;
        while (true) {
            filled += in.readNBytes(data, filled, data.length - filled);
            if (filled == length) return data;
            if (filled < data.length) throw new EOFException();
            data = Arrays.copyOf(data, (int) Math.min(length, data.length * 4L));
        }
    }
}
