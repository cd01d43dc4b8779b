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
import java.util.Optional;
import java.util.Set;
import org.medficientsam.imagefile.image.DeclaredSize;
import org.medficientsam.imagefile.image.ReadLimits;

/**
 * A page of a TIFF file as its directory declares it. Everything that a reader would allocate on its word is checked against the
 * file's length and the limits.
 */
record TiffDirectory(Map<Integer, long[]> fields) {
    private static final String FIELD = "tiff";
    private static final int MOST_PAGES = 4096;
    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int PHOTOMETRIC = 262;
    private static final int STRIP_OFFSETS = 273;
    private static final int ORIENTATION = 274;
    private static final int SAMPLES = 277;
    private static final int ROWS_PER_STRIP = 278;
    private static final int STRIP_BYTES = 279;
    private static final int COLOUR_MAP = 320;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTES = 325;
    private static final int SAMPLE_FORMAT = 339;

    /** @throws org.medficientsam.casefile.InvalidCaseException if a directory is cut, loops, or declares more than the limits allow */
    static List<TiffDirectory> all(byte[] file, ReadLimits limits) {
        ByteBuffer in = ByteBuffer.wrap(file).order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        List<TiffDirectory> pages = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        long at = Integer.toUnsignedLong(in.getInt(4));
        while (at != 0) {
            if (at < 8 || at > file.length - 6 || !seen.add(at)) throw damaged();
            if (pages.size() == MOST_PAGES) throw tooLarge(FIELD, "of at most %d pages".formatted(MOST_PAGES), "more");
            int entries = Short.toUnsignedInt(in.getShort((int) at));
            long end = at + 2 + 12L * entries;
            if (end > file.length - 4) throw damaged();
            TiffDirectory page = new TiffDirectory(new HashMap<>());
            for (int i = 0; i < entries; i++) page.read(in, (int) at + 2 + 12 * i);
            page.check(file.length, limits);
            pages.add(page);
            at = Integer.toUnsignedLong(in.getInt((int) end));
        }
        if (pages.isEmpty()) throw damaged();
        return pages;
    }

    private void read(ByteBuffer in, int at) {
        int tag = Short.toUnsignedInt(in.getShort(at));
        int type = Short.toUnsignedInt(in.getShort(at + 2));
        long count = Integer.toUnsignedLong(in.getInt(at + 4));
        if (type == 0 || type >= TYPE_BYTES.length) throw damaged();
        long bytes = count * TYPE_BYTES[type];
        long start = bytes <= 4 ? at + 8 : Integer.toUnsignedLong(in.getInt(at + 8));
        if (bytes > in.limit() || start > in.limit() - bytes) throw damaged();
        boolean integer = type == 1 || type == 3 || type == 4;
        if (!integer) return;
        long[] values = new long[(int) count];
        for (int i = 0; i < values.length; i++) {
            int from = (int) start + i * TYPE_BYTES[type];
            values[i] = type == 1
                    ? in.get(from) & 0xff
                    : type == 3 ? Short.toUnsignedInt(in.getShort(from)) : Integer.toUnsignedLong(in.getInt(from));
        }
        fields.put(tag, values);
    }

    private void check(int fileLength, ReadLimits limits) {
        long width = one(WIDTH, 0);
        long height = one(HEIGHT, 0);
        long samples = one(SAMPLES, 1);
        long bits = 0;
        for (long b : fields.getOrDefault(BITS, new long[] {1})) bits = Math.max(bits, b);
        if (samples > 8 || bits > 64 || bits < 1)
            throw malformed(FIELD, "of at most 8 samples of at most 64 bits", samples + " of " + bits);
        int numberBytes = (int) ((bits + 7) / 8);
        DeclaredSize.bytes(FIELD, limits.maxVoxelBytes(), numberBytes, width, height, samples);
        boolean tiled = fields.containsKey(TILE_WIDTH);
        if (tiled) {
            // A tile may reach beyond the picture, but not far.
            if (one(TILE_WIDTH, 0) > width + 4096 || one(TILE_HEIGHT, 0) > height + 4096)
                throw malformed(FIELD, "of tiles not much larger than it", "larger ones");
            DeclaredSize.bytes(
                    FIELD, limits.maxVoxelBytes(), numberBytes, one(TILE_WIDTH, 0), one(TILE_HEIGHT, 0), samples);
        }
        long across = tiled ? (width + one(TILE_WIDTH, 1) - 1) / one(TILE_WIDTH, 1) : 1;
        long tall = tiled ? one(TILE_HEIGHT, 1) : Math.min(Math.max(one(ROWS_PER_STRIP, height), 1), height);
        long blocks = across * ((height + tall - 1) / tall);
        checkBlocks(tiled ? TILE_OFFSETS : STRIP_OFFSETS, tiled ? TILE_BYTES : STRIP_BYTES, blocks, fileLength);
    }

    private void checkBlocks(int offsetsTag, int lengthsTag, long blocks, int fileLength) {
        long[] offsets = fields.getOrDefault(offsetsTag, new long[0]);
        long[] lengths = fields.getOrDefault(lengthsTag, new long[0]);
        if (offsets.length < blocks || lengths.length < blocks) throw damaged();
        for (int i = 0; i < lengths.length && i < offsets.length; i++)
            if (offsets[i] > fileLength || lengths[i] > fileLength - offsets[i]) throw damaged();
    }

    private long one(int tag, long absent) {
        long[] values = fields.get(tag);
        return values == null || values.length == 0 ? absent : values[0];
    }

    int width() {
        return (int) one(WIDTH, 0);
    }

    int height() {
        return (int) one(HEIGHT, 0);
    }

    boolean isCmyk() {
        return one(PHOTOMETRIC, 1) == 5;
    }

    /** The colours of a palette, 0xRRGGBB: the high bytes of its 16 bits, as Pillow takes them. */
    Optional<int[]> palette() {
        long[] map = fields.get(COLOUR_MAP);
        if (one(PHOTOMETRIC, 1) != 3 || map == null || map.length % 3 != 0) return Optional.empty();
        int[] rgb = new int[map.length / 3];
        for (int i = 0; i < rgb.length; i++)
            rgb[i] = (int) (map[i] >> 8 << 16 | map[rgb.length + i] >> 8 << 8 | map[2 * rgb.length + i] >> 8);
        return Optional.of(rgb);
    }

    /** Whether samples are signed integers. */
    boolean isSigned() {
        return one(SAMPLE_FORMAT, 1) == 2;
    }

    Orientation orientation() {
        return Orientation.of((int) Math.min(one(ORIENTATION, 1), 9));
    }

    private static RuntimeException damaged() {
        return malformed(FIELD, "a whole file", "one that is damaged or ends early");
    }
}
