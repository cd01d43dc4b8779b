package org.medficientsam.imagefile.picture;

import static org.medficientsam.casefile.InvalidCaseException.malformed;
import static org.medficientsam.casefile.InvalidCaseException.tooLarge;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.medficientsam.imagefile.image.ReadLimits;

/** The directories of a TIFF file, one after the other: of 32-bit offsets, or of 64 as in BigTIFF. */
final class TiffDirectories {
    private static final String FIELD = "tiff";
    private static final int MOST_PAGES = 4096;

    /** What is looked for in a description stands at its beginning. */
    private static final int MOST_TEXT = 1 << 16;

    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
    private static final int BYTE = 1;
    private static final int ASCII = 2;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int LONG8 = 16;

    private final ByteBuffer in;
    private final boolean big;

    private TiffDirectories(ByteBuffer in, boolean big) {
        this.in = in;
        this.big = big;
    }

    /** @throws org.medficientsam.casefile.InvalidCaseException if a directory is cut, loops, or declares more than the limits allow */
    static List<TiffDirectory> read(byte[] file, ReadLimits limits) {
        ByteBuffer in = ByteBuffer.wrap(file).order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        return new TiffDirectories(in, in.getShort(2) == 43).pages(limits);
    }

    private List<TiffDirectory> pages(ReadLimits limits) {
        List<TiffDirectory> pages = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        if (big && in.limit() < 16) throw damaged();
        int countBytes = big ? 8 : 2;
        int entryBytes = big ? 20 : 12;
        int offsetBytes = big ? 8 : 4;
        long at = offset(big ? 8 : 4);
        while (at != 0) {
            if (at < 8 || at > in.limit() - countBytes - offsetBytes || !seen.add(at)) throw damaged();
            if (pages.size() == MOST_PAGES) throw tooLarge(FIELD, "of at most %d pages".formatted(MOST_PAGES), "more");
            long entries = big ? in.getLong((int) at) : Short.toUnsignedInt(in.getShort((int) at));
            if (entries < 0 || entries > (in.limit() - at - countBytes - offsetBytes) / entryBytes) throw damaged();
            int first = (int) at + countBytes;
            Map<Integer, long[]> fields = new HashMap<>();
            for (int i = 0; i < entries; i++) readEntry(first + entryBytes * i, fields);
            TiffDirectory page = new TiffDirectory(pages.size(), fields);
            page.check(in.limit(), limits);
            pages.add(page);
            at = offset(first + entryBytes * (int) entries);
        }
        if (pages.isEmpty()) throw damaged();
        return pages;
    }

    private void readEntry(int at, Map<Integer, long[]> fields) {
        int tag = Short.toUnsignedInt(in.getShort(at));
        int type = Short.toUnsignedInt(in.getShort(at + 2));
        long count = offset(at + 4);
        if (type >= TYPE_BYTES.length || TYPE_BYTES[type] == 0) throw damaged();
        if (count < 0 || count > in.limit()) throw damaged();
        long bytes = count * TYPE_BYTES[type];
        int inline = at + (big ? 12 : 8);
        long start = bytes <= (big ? 8 : 4) ? inline : offset(inline);
        if (start < 0 || bytes > in.limit() || start > in.limit() - bytes) throw damaged();
        if (type != BYTE
                && !(type == ASCII && tag == TiffDirectory.DESCRIPTION)
                && type != SHORT
                && type != LONG
                && type != LONG8) return;
        long[] values = new long[(int) (type == ASCII ? Math.min(count, MOST_TEXT) : count)];
        for (int i = 0; i < values.length; i++) values[i] = number(type, (int) start + i * TYPE_BYTES[type]);
        fields.put(tag, values);
    }

    private long number(int type, int at) {
        return switch (type) {
            case BYTE, ASCII -> in.get(at) & 0xff;
            case SHORT -> Short.toUnsignedInt(in.getShort(at));
            case LONG -> Integer.toUnsignedLong(in.getInt(at));
            default -> in.getLong(at);
        };
    }

    private long offset(int at) {
        return big ? in.getLong(at) : Integer.toUnsignedLong(in.getInt(at));
    }

    static RuntimeException damaged() {
        return malformed(FIELD, "a whole file", "one that is damaged or ends early");
    }
}
