package org.medficientsam.casefile.npz;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.medficientsam.casefile.InvalidCaseException;

/** Little-endian fields of a zip archive, read one after the other. */
final class ZipRecord {
    private final ByteBuffer fields;

    private ZipRecord(ByteBuffer fields) {
        this.fields = fields.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** @throws InvalidCaseException if the archive does not have these bytes */
    static ZipRecord at(long position, int length, ByteSource source) throws IOException {
        if (position < 0 || length > source.size() - position) throw broken("all its parts", "one that ends early");
        return new ZipRecord(ByteBuffer.wrap(source.read(position, length)));
    }

    static InvalidCaseException broken(String expected, String found) {
        return malformed("npz", "a zip archive with " + expected, found);
    }

    int u2() {
        return Short.toUnsignedInt(need(2).getShort());
    }

    long u4() {
        return Integer.toUnsignedLong(need(4).getInt());
    }

    /** No archive is so large that the highest bit counts. */
    long u8() {
        long value = need(8).getLong();
        if (value < 0) throw broken("lengths below 2^63", "a larger one");
        return value;
    }

    /** Whether the next four bytes are this signature; they are consumed. */
    boolean is(int signature) {
        return need(4).getInt() == signature;
    }

    ZipRecord skip(int length) {
        need(length).position(fields.position() + length);
        return this;
    }

    ZipRecord part(int length) {
        ByteBuffer part = need(length).slice(fields.position(), length);
        skip(length);
        return new ZipRecord(part);
    }

    String text(int length, boolean utf8) {
        byte[] text = new byte[length];
        need(length).get(text);
        return new String(text, utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    }

    int remaining() {
        return fields.remaining();
    }

    private ByteBuffer need(int length) {
        if (length > fields.remaining()) throw broken("all its parts", "one that ends early");
        return fields;
    }
}
