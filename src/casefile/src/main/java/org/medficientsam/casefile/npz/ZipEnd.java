package org.medficientsam.casefile.npz;

import static org.medficientsam.casefile.InvalidCaseException.malformed;
import static org.medficientsam.casefile.npz.ZipRecord.broken;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the end of an archive says about its directory, taken from the zip64 record if there is one.
 *
 * @param entries number of entries in the directory
 * @param size bytes of the directory
 * @param position where it begins
 */
record ZipEnd(long entries, long size, long position) {
    private static final int SIGNATURE = 0x06054b50;
    private static final int BYTES = 22;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int LOCATOR_BYTES = 20;
    private static final int ZIP64_SIGNATURE = 0x06064b50;
    private static final int ZIP64_BYTES = 56;

    static ZipEnd read(ByteSource source) throws IOException {
        long position = find(source);
        ZipRecord record = ZipRecord.at(position, BYTES, source).skip(4);
        int disk = record.u2();
        int directoryDisk = record.u2();
        int entriesHere = record.u2();
        ZipEnd end = new ZipEnd(record.u2(), record.u4(), record.u4());
        if (disk != 0 || directoryDisk != 0 || entriesHere != end.entries) throw broken("one volume", "several");

        long zip64 = position - LOCATOR_BYTES - ZIP64_BYTES;
        if (zip64 >= 0) {
            ZipRecord locator = ZipRecord.at(position - LOCATOR_BYTES, LOCATOR_BYTES, source);
            if (locator.is(LOCATOR_SIGNATURE)) {
                if (locator.u4() != 0 || locator.u8() != zip64 || locator.u4() != 1)
                    throw broken("its zip64 end right before its end", "one elsewhere");
                end = end.zip64(ZipRecord.at(zip64, ZIP64_BYTES, source));
                position = zip64;
            }
        }
        // Written so that no sum can overflow.
        if (end.position > position || end.size != position - end.position)
            throw broken("a directory right before its end", "one elsewhere");
        return end;
    }

    /** The end record comes last, but for a comment of up to 65535 bytes of which it holds the length. */
    private static long find(ByteSource source) throws IOException {
        int tailBytes = (int) Math.min(source.size(), BYTES + 0xffff);
        long tailPosition = source.size() - tailBytes;
        ByteBuffer tail = ByteBuffer.wrap(source.read(tailPosition, tailBytes)).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = tailBytes - BYTES; at >= 0; at--) {
            int comment = tailBytes - BYTES - at;
            if (tail.getInt(at) == SIGNATURE && Short.toUnsignedInt(tail.getShort(at + BYTES - 2)) == comment)
                return tailPosition + at;
        }
        throw malformed("npz", "a whole zip archive", source.size() == 0 ? "an empty body" : "no end of one");
    }

    private ZipEnd zip64(ZipRecord record) {
        // Its length counts what follows it; an extensible sector may follow, but nobody writes one.
        if (!record.is(ZIP64_SIGNATURE) || record.u8() != ZIP64_BYTES - 12) throw broken("a zip64 end", "none");
        if (record.skip(4).u8() != 0) throw broken("one volume", "several");
        long entriesHere = record.u8();
        ZipEnd end = new ZipEnd(record.u8(), record.u8(), record.u8());
        boolean agrees = entriesHere == end.entries
                && (entries == 0xffff || entries == end.entries)
                && (size == ZipDirectory.IN_ZIP64 || size == end.size)
                && (position == ZipDirectory.IN_ZIP64 || position == end.position);
        if (!agrees) throw broken("one description of its end", "two that differ");
        return end;
    }
}
