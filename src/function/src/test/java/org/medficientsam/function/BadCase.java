package org.medficientsam.function;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.medficientsam.function.service.Problem;

/** Everything that must be refused with one clear error: what is sent, and what is said about it. */
public enum BadCase {
    EMPTY_BODY(400, "npz", "empty", () -> new byte[0]),
    NOT_A_ZIP(400, "npz", "zip", () -> "segment me, please".getBytes()),
    TRUNCATED(400, "npz", "zip", () -> Arrays.copyOf(good().zip(), 400)),
    NO_IMGS(400, "imgs", "only boxes", () -> new RawNpz().boxes(4, 1, 1, 5, 5).zip()),
    NO_BOXES(400, "boxes", "only imgs", () -> image().zip()),
    IMGS_COMPLEX(400, "imgs", "c8", () -> imgs("<c8", "(8, 10)", 640)),
    IMGS_OF_FIVE_AXES(400, "imgs", "\\(1, 1, 8, 10, 3\\)", () -> imgs("|u1", "(1, 1, 8, 10, 3)", 240)),
    IMGS_OF_FOUR_CHANNELS(400, "imgs", "\\(8, 10, 4\\)", () -> imgs("|u1", "(8, 10, 4)", 320)),
    IMGS_ZERO_SIZED(400, "imgs", "\\(0, 10\\)", () -> imgs("|u1", "(0, 10)", 0)),
    OBJECT_ARRAY(400, "imgs", "\\|O", () -> imgs("|O", "(8, 10)", 80)),
    STRING_BOXES(400, "boxes", "<U3", () -> image().array("boxes", "<U3", "(1, 4)", new byte[48])
            .zip()),
    CLAIMS_4_GB_IN_12_BYTES(413, "imgs", "bytes", () -> imgs("|u1", "(65536, 65536)", 12)),
    SHAPE_PRODUCT_OVERFLOWS(413, "imgs", "bytes", () -> imgs("|u1", "(2147483647, 2147483647, 2147483647)", 12)),
    SHAPE_PRODUCT_OVERFLOWS_TO_ZERO(413, "imgs", "bytes", () -> imgs("|u1", "(65536, 65536, 65536, 65536)", 0)),
    NEGATIVE_SHAPE(400, "imgs", "negative", () -> imgs("|u1", "(-8, 10)", 80)),
    HEADER_LONGER_THAN_64_KIB(413, "imgs", "header of at most 65536", () -> header(" ".repeat(70_000))),
    HEADER_WITH_CODE(400, "imgs", "header", () -> header("__import__('os').system('id') or ")),
    DATA_SHORTER_THAN_SHAPE(400, "imgs", "80 bytes.*79", () -> imgs("|u1", "(8, 10)", 79)),
    DATA_LONGER_THAN_SHAPE(400, "imgs", "80 bytes.*81", () -> imgs("|u1", "(8, 10)", 81)),
    ZEROS_300_MB_DEFLATED_SMALL(413, "imgs", "at most", BadCase::deflatedZeros),
    DUPLICATE_ENTRY(400, "npz", "once", () -> image().array("imgs", "|u1", "(8, 10)", new byte[80])
            .zip()),
    ENTRY_PATH_LEAVES(
            400, "npz", "path", () -> good().entry("../x", new byte[1]).zip()),
    BOXES_OF_FIVE_COLUMNS(
            422, "boxes", "\\(1, 5\\)", () -> image().boxes(5, 1, 1, 5, 5, 1).zip()),
    BOX_NAN(422, "boxes[0]", "finite", () -> image().boxes(4, 1, Double.NaN, 5, 5)
            .zip()),
    BOX_INFINITE(422, "boxes[1]", "finite", () -> image().boxes(4, 1, 1, 5, 5, 1, 1, Double.POSITIVE_INFINITY, 5)
            .zip()),
    BOX_INVERTED(422, "boxes[0]", "x_min", () -> image().boxes(4, 5, 1, 1, 5).zip()),
    BOX_OUTSIDE_IMAGE(
            422, "boxes[0]", "0\\.\\.9", () -> image().boxes(4, 10, 1, 20, 5).zip()),
    BOX_OUTSIDE_VOLUME(422, "boxes[0]", "0\\.\\.4", () -> volume().boxes(6, 1, 1, 5, 5, 5, 9)
            .zip()),
    BOXES_70_000(422, "boxes", "70000", () -> image().array("boxes", "|u1", "(70000, 4)", new byte[280_000])
            .zip()),
    SPACING_OF_TWO(400, "spacing", "three", () -> volume().boxes(6)
            .doubles("spacing", "(2,)", 1, 1)
            .zip()),
    SPACING_ZERO(400, "spacing", "positive", () -> volume().boxes(6)
            .doubles("spacing", "(3,)", 1, 0, 1)
            .zip()),
    SPACING_NAN(400, "spacing", "positive", () -> volume().boxes(6)
            .doubles("spacing", "(3,)", 1, 1, Double.NaN)
            .zip()),
    BODY_OVER_THE_CAP(413, "npz", "at most " + Limit.BODY_BYTES, () -> new byte[Limit.BODY_BYTES + 1]);

    /** What the processes under test are configured with; the default cap would need a heap to match. */
    public static final class Limit {
        public static final String BODY = "4M";
        public static final int BODY_BYTES = 4 << 20;

        private Limit() {}
    }

    public final int status;
    public final String field;
    /** Regular expression that the detail contains. */
    public final String found;

    private final Supplier<byte[]> npz;

    BadCase(int status, String field, String found, Supplier<byte[]> npz) {
        this.status = status;
        this.field = field;
        this.found = found;
        this.npz = npz;
    }

    public byte[] npz() {
        return npz.get();
    }

    /** The problem that belongs to the status; of the two of 422 these cases only meet one. */
    public Problem problem() {
        return switch (status) {
            case 400 -> Problem.MALFORMED;
            case 413 -> Problem.TOO_LARGE;
            default -> Problem.INVALID_PROMPT;
        };
    }

    /** 10 x 8 pixels. */
    private static RawNpz image() {
        return new RawNpz().array("imgs", "|u1", "(8, 10)", new byte[80]);
    }

    /** 10 x 8 x 5 voxels. */
    private static RawNpz volume() {
        return new RawNpz().array("imgs", "|u1", "(5, 8, 10)", new byte[400]);
    }

    private static RawNpz good() {
        return image().boxes(4, 1, 1, 5, 5);
    }

    private static byte[] imgs(String descr, String shape, int dataBytes) {
        return new RawNpz()
                .array("imgs", descr, shape, new byte[dataBytes])
                .boxes(4, 1, 1, 5, 5)
                .zip();
    }

    private static byte[] header(String before) {
        return new RawNpz()
                .header("imgs", before + "{'descr': '|u1', 'fortran_order': False, 'shape': (8, 10), }", new byte[80])
                .boxes(4, 1, 1, 5, 5)
                .zip();
    }

    private static byte[] deflatedZeros() {
        int side = 17_321; // 300 MB
        byte[] header = "{'descr': '|u1', 'fortran_order': False, 'shape': (%d, %d), }\n"
                .formatted(side, side)
                .getBytes();
        byte[] row = new byte[side];
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("imgs.npy"));
            zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length, 0});
            zip.write(header);
            for (int y = 0; y < side; y++) {
                zip.write(row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
