package org.medficientsam.casefile;

import static org.medficientsam.casefile.InvalidCaseException.malformed;
import static org.medficientsam.casefile.InvalidCaseException.tooLarge;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The central directory of a zip archive, read strictly: what its records say about names, sizes and places has to agree, and no
 * two entries may share bytes. {@code java.util.zip} is laxer, and streams cannot read stored entries with data descriptors.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE 6.3.10</a>
 */
final class ZipDirectory {
    static final int STORED = 0;
    static final int DEFLATED = 8;

    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int END64_SIGNATURE = 0x06064b50;
    private static final int END64_BYTES = 56;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int LOCATOR_BYTES = 20;
    private static final int CENTRAL_SIGNATURE = 0x02014b50;
    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int LOCAL_BYTES = 30;
    private static final int ZIP64_EXTRA = 1;
    private static final int IN_ZIP64 = 0xffff;
    private static final long IN_ZIP64_LONG = 0xffff_ffffL;

    /** Flag bits: any form of encryption, sizes in a data descriptor, a UTF-8 name. */
    private static final int ENCRYPTED = 1 | 1 << 6 | 1 << 13;

    private static final int DESCRIPTOR = 1 << 3;
    private static final int UTF8 = 1 << 11;

    /** Room for a directory, per entry: NumPy needs about 60 bytes. */
    private static final int DIRECTORY_BYTES_PER_ENTRY = 1024;

    /**
     * @param name full name in the archive
     * @param position where its local header begins
     * @param dataPosition where its compressed bytes begin
     */
    record Entry(String name, int method, long crc, long compressedSize, long size, long position, long dataPosition) {}

    private record End(long entries, long size, long position) {}

    private record Central(
            String name, int flags, int method, long crc, long compressedSize, long size, long position) {}

    private final ByteSource source;
    private final Limits limits;

    private ZipDirectory(ByteSource source, Limits limits) {
        this.source = source;
        this.limits = limits;
    }

    /**
     * @return the entries in the order of the directory
     * @throws InvalidCaseException if it is not a well-formed archive
     */
    static List<Entry> read(ByteSource source, Limits limits) throws IOException {
        return new ZipDirectory(source, limits).entries();
    }

    private List<Entry> entries() throws IOException {
        End end = end();
        if (end.entries < 0 || end.entries > limits.maxEntries())
            throw tooLarge(
                    "npz", "an archive of at most " + limits.maxEntries() + " entries", Long.toString(end.entries));
        if (end.size > (long) limits.maxEntries() * DIRECTORY_BYTES_PER_ENTRY)
            throw tooLarge("npz", "an archive with a short directory", end.size + " bytes");
        ByteBuffer directory = littleEndian(end.position, (int) end.size);
        List<Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        try {
            for (int i = 0; i < end.entries; i++) {
                Central central = central(directory);
                if (!names.add(central.name)) throw broken("each entry name once", "two of one name (entry " + i + ")");
                checkName(central.name, i);
                entries.add(locate(central, end.position));
            }
        } catch (BufferUnderflowException e) {
            throw broken("as many entries as it says", "fewer");
        }
        if (directory.hasRemaining()) throw broken("a directory of only entries", "something else in it");
        checkApart(entries);
        return entries;
    }

    private End end() throws IOException {
        // The end record is last and ends with a comment of up to 65535 bytes.
        int tailBytes = (int) Math.min(source.size(), END_BYTES + 0xffff);
        long tailPosition = source.size() - tailBytes;
        ByteBuffer tail = littleEndian(tailPosition, tailBytes);
        for (int at = tailBytes - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END_SIGNATURE && at + END_BYTES + u2(tail, at + 20) == tailBytes)
                return end(tail.position(at + 4), tailPosition + at);
        }
        throw malformed("npz", "a whole zip archive", source.size() == 0 ? "an empty body" : "no end of one");
    }

    private End end(ByteBuffer record, long endPosition) throws IOException {
        int disk = u2(record);
        int directoryDisk = u2(record);
        int entriesHere = u2(record);
        long entries = u2(record);
        long size = u4(record);
        long position = u4(record);
        if (disk != 0 || directoryDisk != 0 || entriesHere != entries) throw broken("one volume", "several");
        End end = new End(entries, size, position);
        long directoryEnd = endPosition;
        if (endPosition >= LOCATOR_BYTES + END64_BYTES) {
            ByteBuffer locator = littleEndian(endPosition - LOCATOR_BYTES, LOCATOR_BYTES);
            if (locator.getInt() == LOCATOR_SIGNATURE) {
                directoryEnd = endPosition - LOCATOR_BYTES - END64_BYTES;
                if (locator.getInt() != 0 || locator.getLong() != directoryEnd || locator.getInt() != 1)
                    throw broken("its zip64 end right before its end", "one elsewhere");
                end = end64(littleEndian(directoryEnd, END64_BYTES), end);
            }
        }
        // Written so that no sum can overflow.
        if (end.position < 0 || end.position > directoryEnd || end.size != directoryEnd - end.position)
            throw broken("a directory right before its end", "one elsewhere");
        return end;
    }

    private static End end64(ByteBuffer record, End end) {
        // The length counts what follows it; an extensible sector may follow, but nobody writes one.
        if (record.getInt() != END64_SIGNATURE || record.getLong() != END64_BYTES - 12)
            throw broken("a zip64 end record", "none");
        record.getInt(); // versions
        if (record.getLong() != 0) throw broken("one volume", "several");
        long entriesHere = record.getLong();
        End end64 = new End(record.getLong(), record.getLong(), record.getLong());
        boolean agrees = entriesHere == end64.entries
                && (end.entries == IN_ZIP64 || end.entries == end64.entries)
                && (end.size == IN_ZIP64_LONG || end.size == end64.size)
                && (end.position == IN_ZIP64_LONG || end.position == end64.position);
        if (!agrees) throw broken("one description of its end", "two that differ");
        return end64;
    }

    private static Central central(ByteBuffer directory) {
        if (directory.getInt() != CENTRAL_SIGNATURE)
            throw broken("a directory of only entries", "something else in it");
        directory.position(directory.position() + 4); // versions
        int flags = u2(directory);
        int method = u2(directory);
        directory.getInt(); // time and date
        long crc = u4(directory);
        long compressedSize = u4(directory);
        long size = u4(directory);
        int nameBytes = u2(directory);
        int extraBytes = u2(directory);
        int commentBytes = u2(directory);
        int disk = u2(directory);
        directory.position(directory.position() + 6); // attributes
        long position = u4(directory);
        String name = name(directory, nameBytes, flags);
        ByteBuffer zip64 = zip64(slice(directory, extraBytes));
        slice(directory, commentBytes);
        if (size == IN_ZIP64_LONG) size = zip64.getLong();
        if (compressedSize == IN_ZIP64_LONG) compressedSize = zip64.getLong();
        if (position == IN_ZIP64_LONG) position = zip64.getLong();
        if (disk != 0) throw broken("one volume", "several");
        if ((flags & ENCRYPTED) != 0) throw broken("not encrypted entries", "an encrypted one");
        if (method != STORED && method != DEFLATED) throw broken("stored or deflated entries", "method " + method);
        if (method == STORED && compressedSize != size) throw broken("stored entries at full size", "another size");
        return new Central(name, flags, method, crc, compressedSize, size, position);
    }

    /** Finds an entry's data behind its local header, which has to say the same as the directory. */
    private Entry locate(Central central, long directoryPosition) throws IOException {
        if (central.position < 0 || central.position > directoryPosition - LOCAL_BYTES)
            throw broken("entries before its directory", "one elsewhere");
        ByteBuffer local = part(central.position, LOCAL_BYTES);
        if (local.getInt() != LOCAL_SIGNATURE) throw broken("a local header before each entry", "none");
        local.getShort(); // version
        int flags = u2(local);
        int method = u2(local);
        local.getInt(); // time and date
        long crc = u4(local);
        long compressedSize = u4(local);
        long size = u4(local);
        int nameBytes = u2(local);
        int extraBytes = u2(local);
        ByteBuffer rest = part(central.position + LOCAL_BYTES, nameBytes + extraBytes);
        String name = name(rest, nameBytes, flags);
        ByteBuffer zip64 = zip64(rest);
        boolean agrees = name.equals(central.name) && method == central.method && flags == central.flags;
        if ((flags & DESCRIPTOR) == 0) {
            if (size == IN_ZIP64_LONG) size = zip64.getLong();
            if (compressedSize == IN_ZIP64_LONG) compressedSize = zip64.getLong();
            agrees &= crc == central.crc && size == central.size && compressedSize == central.compressedSize;
        }
        if (!agrees) throw broken("one description of each entry", "two that differ");
        long dataPosition = central.position + LOCAL_BYTES + nameBytes + extraBytes;
        if (central.compressedSize < 0 || central.compressedSize > directoryPosition - dataPosition)
            throw broken("entries before its directory", "one that is longer");
        return new Entry(
                name, method, central.crc, central.compressedSize, central.size, central.position, dataPosition);
    }

    private static void checkApart(List<Entry> entries) {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(Entry::position));
        for (int i = 1; i < sorted.size(); i++) {
            Entry before = sorted.get(i - 1);
            if (before.dataPosition + before.compressedSize > sorted.get(i).position)
                throw broken("entries apart", "two that overlap");
        }
    }

    private static void checkName(String name, int index) {
        boolean leaves = name.isEmpty()
                || name.startsWith("/")
                || name.chars().anyMatch(c -> c < ' ' || c == '\\' || c == ':')
                || List.of(name.split("/", -1)).contains("..");
        if (leaves) throw broken("plain entry names", "a path (entry " + index + ")");
    }

    private static String name(ByteBuffer buffer, int length, int flags) {
        if (length > buffer.remaining()) throw new BufferUnderflowException();
        byte[] name = new byte[length];
        buffer.get(name);
        return new String(name, (flags & UTF8) != 0 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    }

    /** The zip64 field of an extra part, or nothing. */
    private static ByteBuffer zip64(ByteBuffer extra) {
        while (extra.remaining() >= 4) {
            int id = u2(extra);
            ByteBuffer field = slice(extra, u2(extra));
            if (id == ZIP64_EXTRA) return field;
        }
        return extra.limit(extra.position());
    }

    private static ByteBuffer slice(ByteBuffer buffer, int length) {
        if (length > buffer.remaining()) throw new BufferUnderflowException();
        ByteBuffer slice = buffer.slice(buffer.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.position(buffer.position() + length);
        return slice;
    }

    private ByteBuffer part(long position, int length) throws IOException {
        if (position < 0 || length > source.size() - position) throw broken("whole", "a part of one");
        return littleEndian(position, length);
    }

    private ByteBuffer littleEndian(long position, int length) throws IOException {
        return ByteBuffer.wrap(source.read(position, length)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int u2(ByteBuffer buffer) {
        return Short.toUnsignedInt(buffer.getShort());
    }

    private static int u2(ByteBuffer buffer, int index) {
        return Short.toUnsignedInt(buffer.getShort(index));
    }

    private static long u4(ByteBuffer buffer) {
        return Integer.toUnsignedLong(buffer.getInt());
    }

    private static InvalidCaseException broken(String expected, String found) {
        return malformed("npz", "a zip archive with " + expected, found);
    }
}
