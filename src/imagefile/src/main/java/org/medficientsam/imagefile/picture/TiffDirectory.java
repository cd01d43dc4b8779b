package org.medficientsam.imagefile.picture;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.util.Map;
import java.util.Optional;
import org.medficientsam.imagefile.image.DeclaredSize;
import org.medficientsam.imagefile.image.ReadLimits;

/**
 * A page of a TIFF file as its directory declares it. Everything that a reader would allocate on its word is checked against the
 * file's length and the limits.
 *
 * @param index of the page in its file
 * @param fields whole numbers by tag
 */
record TiffDirectory(int index, Map<Integer, long[]> fields) {
    private static final String FIELD = "tiff";

    private static final int SUBFILE = 254;
    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;
    static final int DESCRIPTION = 270;
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
    private static final int IMAGE_DEPTH = 32997;

    /** @throws org.medficientsam.casefile.InvalidCaseException if it declares more than the file holds or the limits allow, or what is not read */
    void check(int fileLength, ReadLimits limits) {
        checkKind();
        long width = one(WIDTH, 0);
        long height = one(HEIGHT, 0);
        long samples = one(SAMPLES, 1);
        long bits = 0;
        for (long b : fields.getOrDefault(BITS, new long[] {1})) bits = Math.max(bits, b);
        if (samples > 8 || bits > 64 || bits < 1)
            throw malformed(FIELD, "of at most 8 samples of at most 64 bits", samples + " of " + bits);
        if (bits > 32 && !isFloat()) throw malformed(FIELD, "of whole numbers of at most 32 bits", bits + " bits");
        if (one(IMAGE_DEPTH, 1) > 1)
            throw malformed(FIELD, "of flat pages", "pages of %d slices".formatted(one(IMAGE_DEPTH, 1)));
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

    private void checkKind() {
        int compression = (int) Math.min(one(COMPRESSION, 1), Integer.MAX_VALUE);
        switch (compression) {
            case 1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946 -> {}
            default ->
                throw malformed(
                        FIELD,
                        "plain, or compressed by LZW, Deflate, PackBits, JPEG or CCITT",
                        switch (compression) {
                            case 33003, 33005, 34712 -> "JPEG 2000";
                            case 34925 -> "LZMA";
                            case 50000 -> "Zstandard";
                            case 50001 -> "WebP";
                            default -> "compression " + compression;
                        });
        }
        if (one(PHOTOMETRIC, 1) > 6)
            throw malformed(
                    FIELD,
                    "of grey, a palette, RGB, CMYK or YCbCr",
                    "photometric interpretation " + one(PHOTOMETRIC, 1));
    }

    private void checkBlocks(int offsetsTag, int lengthsTag, long blocks, int fileLength) {
        long[] offsets = fields.getOrDefault(offsetsTag, new long[0]);
        long[] lengths = fields.getOrDefault(lengthsTag, new long[0]);
        if (offsets.length < blocks || lengths.length < blocks) throw TiffDirectories.damaged();
        for (int i = 0; i < lengths.length && i < offsets.length; i++)
            if (offsets[i] > fileLength || lengths[i] > fileLength - offsets[i]) throw TiffDirectories.damaged();
    }

    private long one(int tag, long absent) {
        long[] values = fields.get(tag);
        return values == null || values.length == 0 ? absent : values[0];
    }

    /** What its writer wrote of it; empty if nothing. */
    String description() {
        StringBuilder text = new StringBuilder();
        for (long character : fields.getOrDefault(DESCRIPTION, new long[0])) text.append((char) character);
        return text.toString();
    }

    /** Numbers per pixel. */
    int samples() {
        return (int) one(SAMPLES, 1);
    }

    int width() {
        return (int) one(WIDTH, 0);
    }

    int height() {
        return (int) one(HEIGHT, 0);
    }

    /** Whether it is a smaller copy of another page, or a mask, and not an image of its own. */
    boolean isAside() {
        return (one(SUBFILE, 0) & 5) != 0;
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

    boolean isFloat() {
        return one(SAMPLE_FORMAT, 1) == 3;
    }

    Orientation orientation() {
        return Orientation.of((int) Math.min(one(ORIENTATION, 1), 9));
    }
}
