package org.medficientsam.casefile.npz;

import static org.medficientsam.casefile.InvalidCaseException.malformed;
import static org.medficientsam.casefile.InvalidCaseException.tooLarge;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
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

    private final ZipDirectory.Entry entry;
    private final String field;
    private final Limits limits;

    NpyReader(ZipDirectory.Entry entry, String field, Limits limits) {
        this.entry = entry;
        this.field = field;
        this.limits = limits;
    }

    NpyArray read(ByteSource source, long maxBytes) throws IOException {
        Inflater inflater = new Inflater(true);
        try (InputStream compressed = source.stream(entry.dataPosition(), entry.compressedSize());
                InputStream plain = entry.method() == ZipDirectory.STORED
                        ? compressed
                        : new InflaterInputStream(compressed, inflater, STEP);
                CheckedInputStream checked = new CheckedInputStream(plain, new CRC32())) {
            NpyArray array = read(checked, (int) Math.min(maxBytes, limits.maxArrayBytes()));
            if (checked.read() >= 0) throw malformed(field, entry.size() + " bytes long", "more");
            if (entry.method() == ZipDirectory.DEFLATED && inflater.getBytesRead() != entry.compressedSize())
                throw malformed(field, "deflated to " + entry.compressedSize() + " bytes", "fewer");
            if (checked.getChecksum().getValue() != entry.crc())
                throw malformed(field, "intact", "another checksum than the archive says");
            return array;
        } catch (ZipException e) {
            throw malformed(field, "deflated data", "something else");
        } catch (EOFException e) {
            throw malformed(field, entry.size() + " bytes long", "fewer");
        } finally {
            inflater.end();
        }
    }

    private NpyArray read(InputStream in, int maxBytes) throws IOException {
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
        NpyHeader header = NpyHeader.parse(exactly(in, (int) headerBytes), field);
        int dataBytes = header.dataBytes(field, maxBytes);
        long dataFound = entry.size() - NpyHeader.PREFIX - lengthBytes - headerBytes;
        if (dataFound != dataBytes) {
            String array = header.dtype() + " " + Shape.toString(header.shape());
            throw malformed(field, array + " with " + dataBytes + " bytes of data", dataFound + " bytes");
        }
        byte[] data = grow(in, dataBytes);
        return NpyArray.decode(field, header, data);
    }

    private byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = new byte[length];
        if (in.readNBytes(bytes, 0, length) < length) throw malformed(field, "an npy array", "too few bytes for one");
        return bytes;
    }

    private byte[] grow(InputStream in, int length) throws IOException {
        byte[] data = new byte[(int) Math.min(length, Math.max(STEP, entry.compressedSize() * TRUSTED_RATIO))];
        int filled = 0;
        while (true) {
            filled += in.readNBytes(data, filled, data.length - filled);
            if (filled == length) return data;
            if (filled < data.length) throw new EOFException();
            data = Arrays.copyOf(data, (int) Math.min(length, data.length * 4L));
        }
    }
}
