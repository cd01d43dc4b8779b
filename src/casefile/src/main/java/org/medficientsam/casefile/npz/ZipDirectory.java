package org.medficientsam.casefile.npz;

import static org.medficientsam.casefile.InvalidCaseException.tooLarge;
import static org.medficientsam.casefile.npz.ZipRecord.broken;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Limits;

/**
 * The central directory of a zip archive, read strictly: what its records say about names, sizes and places has to agree, and no
 * two entries may share bytes. {@code java.util.zip} is laxer, and as a stream cannot read stored entries with data descriptors.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE 6.3.10</a>
 */
final class ZipDirectory {
    static final int STORED = 0;
    static final int DEFLATED = 8;

    /** Stands in a field of 32 bits if the value is in the zip64 extra field. */
    static final long IN_ZIP64 = 0xffff_ffffL;

    private static final int ZIP64_EXTRA = 1;
    private static final int CENTRAL_SIGNATURE = 0x02014b50;
    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int LOCAL_BYTES = 30;

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

    private ZipDirectory() {}

    /**
     * @return the entries in the order of the directory
     * @throws InvalidCaseException if it is not a well-formed archive
     */
    static List<Entry> read(ByteSource source, Limits limits) throws IOException {
        ZipEnd end = ZipEnd.read(source);
        int maxEntries = limits.maxEntries();
        if (end.entries() > maxEntries)
            throw tooLarge("npz", "an archive of at most " + maxEntries + " entries", Long.toString(end.entries()));
        if (end.size() > (long) maxEntries * DIRECTORY_BYTES_PER_ENTRY)
            throw tooLarge("npz", "an archive with a short directory", end.size() + " bytes");
        ZipRecord directory = ZipRecord.at(end.position(), (int) end.size(), source);
        List<Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < end.entries(); i++) {
            if (directory.remaining() == 0) throw broken("as many entries as it says", "fewer");
            Entry entry = locate(central(directory), end.position(), source);
            if (!names.add(entry.name)) throw broken("each entry name once", "two of one name (entry " + i + ")");
            if (leavesArchive(entry.name)) throw broken("plain entry names", "a path (entry " + i + ")");
            entries.add(entry);
        }
        if (directory.remaining() > 0) throw broken("a directory of only entries", "something else in it");
        checkApart(entries);
        return entries;
    }

    /** Reads one entry of the directory; where its data begins only its local header tells. */
    private static Entry central(ZipRecord directory) {
        if (!directory.is(CENTRAL_SIGNATURE)) throw broken("a directory of only entries", "something else in it");
        int flags = directory.skip(4).u2();
        int method = directory.u2();
        long crc = directory.skip(4).u4();
        long compressedSize = directory.u4();
        long size = directory.u4();
        int nameBytes = directory.u2();
        int extraBytes = directory.u2();
        int commentBytes = directory.u2();
        int disk = directory.u2();
        long position = directory.skip(6).u4();
        String name = directory.text(nameBytes, (flags & UTF8) != 0);
        ZipRecord zip64 = zip64(directory.part(extraBytes));
        directory.skip(commentBytes);
        if (size == IN_ZIP64) size = zip64.u8();
        if (compressedSize == IN_ZIP64) compressedSize = zip64.u8();
        if (position == IN_ZIP64) position = zip64.u8();
        if (disk != 0) throw broken("one volume", "several");
        if ((flags & ENCRYPTED) != 0) throw broken("not encrypted entries", "an encrypted one");
        if (method != STORED && method != DEFLATED) throw broken("stored or deflated entries", "method " + method);
        if (method == STORED && compressedSize != size) throw broken("stored entries at full size", "another size");
        return new Entry(name, method, crc, compressedSize, size, position, 0);
    }

    /** Reads the local header before an entry's data, which has to say the same as the directory. */
    private static Entry locate(Entry entry, long directoryPosition, ByteSource source) throws IOException {
        if (entry.position > directoryPosition) throw broken("entries before its directory", "one elsewhere");
        ZipRecord local = ZipRecord.at(entry.position, LOCAL_BYTES, source);
        if (!local.is(LOCAL_SIGNATURE)) throw broken("a local header before each entry", "none");
        int flags = local.skip(2).u2();
        int method = local.u2();
        long crc = local.skip(4).u4();
        long compressedSize = local.u4();
        long size = local.u4();
        int nameBytes = local.u2();
        int extraBytes = local.u2();
        ZipRecord rest = ZipRecord.at(entry.position + LOCAL_BYTES, nameBytes + extraBytes, source);
        String name = rest.text(nameBytes, (flags & UTF8) != 0);
        boolean agrees = name.equals(entry.name) && method == entry.method && (flags & ENCRYPTED) == 0;
        if ((flags & DESCRIPTOR) == 0) {
            ZipRecord zip64 = zip64(rest);
            if (size == IN_ZIP64) size = zip64.u8();
            if (compressedSize == IN_ZIP64) compressedSize = zip64.u8();
            agrees &= crc == entry.crc && size == entry.size && compressedSize == entry.compressedSize;
        }
        if (!agrees) throw broken("one description of each entry", "two that differ");
        long dataPosition = entry.position + LOCAL_BYTES + nameBytes + extraBytes;
        if (entry.compressedSize > directoryPosition - dataPosition)
            throw broken("entries before its directory", "one that is longer");
        return new Entry(name, method, entry.crc, entry.compressedSize, entry.size, entry.position, dataPosition);
    }

    /** The zip64 field of an extra part, empty if there is none. */
    private static ZipRecord zip64(ZipRecord extra) {
        while (extra.remaining() >= 4) {
            int id = extra.u2();
            ZipRecord field = extra.part(extra.u2());
            if (id == ZIP64_EXTRA) return field;
        }
        return extra.part(0);
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

    private static boolean leavesArchive(String name) {
        return name.isEmpty()
                || name.startsWith("/")
                || name.chars().anyMatch(c -> c < ' ' || c == '\\' || c == ':')
                || List.of(name.split("/", -1)).contains("..");
    }
}
