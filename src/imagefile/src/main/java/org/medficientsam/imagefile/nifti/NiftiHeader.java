package org.medficientsam.imagefile.nifti;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.medficientsam.imagefile.image.Affine;
import org.medficientsam.imagefile.image.NumberType;

/** The fields of a NIfTI header that say what the voxels are and where they lie. */
final class NiftiHeader {
    static final int BYTES_1 = 348;
    static final int BYTES_2 = 540;
    private static final String FIELD = "nifti";

    private final boolean second;
    private final ByteBuffer fields;

    private NiftiHeader(boolean second, ByteBuffer fields) {
        this.second = second;
        this.fields = fields;
    }

    /** How long the header is that begins with these bytes: that of NIfTI-1 (or Analyze), of NIfTI-2, or 0 if it is none. */
    static int declaredLength(byte[] start) {
        return version(start).map(NiftiHeader::length).orElse(0);
    }

    /** @throws org.medficientsam.casefile.InvalidCaseException if they are not a header of the single-file form */
    static NiftiHeader of(byte[] start) {
        NiftiHeader header = version(start)
                .filter(h -> start.length >= h.length())
                .orElseThrow(() -> malformed(FIELD, "a NIfTI-1 or NIfTI-2 file", "another beginning"));
        String magic = header.magic();
        if (magic.equals("ni1") || magic.equals("ni2"))
            throw malformed(FIELD, "one file of header and voxels (.nii)", "the header of a pair (.hdr and .img)");
        if (!magic.equals(header.second ? "n+2" : "n+1"))
            throw malformed(FIELD, "marked n+1 or n+2", "another mark, such as Analyze's");
        return header;
    }

    private static Optional<NiftiHeader> version(byte[] start) {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            int length =
                    start.length < 4 ? 0 : ByteBuffer.wrap(start).order(order).getInt(0);
            if (length == BYTES_1 || length == BYTES_2) {
                byte[] own = Arrays.copyOf(start, length);
                return Optional.of(
                        new NiftiHeader(length == BYTES_2, ByteBuffer.wrap(own).order(order)));
            }
        }
        return Optional.empty();
    }

    private String magic() {
        int at = second ? 4 : 344;
        StringBuilder magic = new StringBuilder();
        for (int i = 0; i < 4 && fields.get(at + i) != 0; i++) magic.append((char) (fields.get(at + i) & 0xff));
        return magic.toString().replaceFirst("^(n\\+2|ni2).*$", "$1");
    }

    int length() {
        return second ? BYTES_2 : BYTES_1;
    }

    boolean isSecond() {
        return second;
    }

    ByteOrder order() {
        return fields.order();
    }

    /** The header as it lies in the file. A copy. */
    byte[] bytes() {
        return fields.array().clone();
    }

    /** How many of {@link #dim} count, as the file says; not checked. */
    long rank() {
        return dim(0);
    }

    long dim(int i) {
        return second ? fields.getLong(16 + 8 * i) : fields.getShort(40 + 2 * i);
    }

    double pixdim(int i) {
        return second ? fields.getDouble(104 + 8 * i) : fields.getFloat(76 + 4 * i);
    }

    int datatype() {
        return fields.getShort(second ? 12 : 70);
    }

    int bitpix() {
        return fields.getShort(second ? 14 : 72);
    }

    /** @throws org.medficientsam.casefile.InvalidCaseException if voxels would begin within the header or beyond 2^31 */
    int voxelOffset() {
        double offset = second ? fields.getLong(168) : fields.getFloat(108);
        // Zero is taken for "right after the header", as writers that never heard of extensions mean it.
        if (offset == 0) return length() + 4;
        if (!(offset >= length() && offset < Integer.MAX_VALUE) || offset != Math.rint(offset))
            throw malformed(FIELD, "with vox_offset of at least " + length(), Double.toString(offset));
        return (int) offset;
    }

    /** 0 or NaN is none. */
    double slope() {
        return second ? fields.getDouble(176) : fields.getFloat(112);
    }

    double intercept() {
        return second ? fields.getDouble(184) : fields.getFloat(116);
    }

    private int qformCode() {
        return second ? fields.getInt(344) : fields.getShort(252);
    }

    private int sformCode() {
        return second ? fields.getInt(348) : fields.getShort(254);
    }

    /** What one spatial unit is in mm; 1 where the file does not say. */
    double millimetres() {
        return switch ((second ? fields.getInt(500) : fields.get(123)) & 7) {
            case 1 -> 1000;
            case 3 -> 0.001;
            default -> 1;
        };
    }

    /** How the datatype is stored; colours are uint8. */
    NumberType type() {
        return switch (datatype()) {
            case 2, 128, 2304 -> NumberType.UINT8;
            case 4 -> NumberType.INT16;
            case 8 -> NumberType.INT32;
            case 16 -> NumberType.FLOAT32;
            case 64 -> NumberType.FLOAT64;
            case 256 -> NumberType.INT8;
            case 512 -> NumberType.UINT16;
            case 768 -> NumberType.UINT32;
            case 1024 -> NumberType.INT64;
            case 1280 -> NumberType.UINT64;
            case 32, 1792, 2048 ->
                throw malformed(FIELD, "of real numbers", "complex ones (datatype %d)".formatted(datatype()));
            case 1536 -> throw malformed(FIELD, "of numbers of at most 64 bits", "float128 (datatype 1536)");
            default -> throw malformed(FIELD, "of a known datatype", Integer.toString(datatype()));
        };
    }

    /** Numbers per voxel: 1, 3 (RGB24) or 4 (RGBA32). */
    int channels() {
        return switch (datatype()) {
            case 128 -> 3;
            case 2304 -> 4;
            default -> 1;
        };
    }

    /**
     * sform, else qform, else voxel sizes about the middle with x to the left, as nibabel chooses.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if the qform's quaternion is longer than 1
     */
    Affine affine(int... sizes) {
        if (sformCode() > 0) {
            double[] rows = new double[12];
            for (int i = 0; i < 12; i++)
                rows[i] = second ? fields.getDouble(400 + 8 * i) : fields.getFloat(280 + 4 * i);
            return Affine.of(rows);
        }
        return qformCode() > 0 ? qform() : centred(sizes);
    }

    /** The size of a voxel. Some writers give it a sign, which nibabel drops: directions are those of the forms. */
    private double step(int axis) {
        return Math.abs(pixdim(axis));
    }

    private Affine centred(int... sizes) {
        double[] zoom = {-step(1), step(2), step(3)};
        double[] rows = new double[12];
        for (int axis = 0; axis < 3; axis++) {
            // An axis that the file does not have keeps a step of 1.
            if (axis >= rank()) zoom[axis] = 1;
            rows[5 * axis] = zoom[axis];
            rows[4 * axis + 3] = -zoom[axis] * (sizes[axis] - 1) / 2;
        }
        return Affine.of(rows);
    }

    private Affine qform() {
        double[] q = new double[6]; // quatern_b, c, d, qoffset_x, y, z
        for (int i = 0; i < 6; i++) q[i] = second ? fields.getDouble(352 + 8 * i) : fields.getFloat(256 + 4 * i);
        double b = q[0];
        double c = q[1];
        double d = q[2];
        double rest = 1 - (b * b + c * c + d * d);
        if (!(rest > -1e-4)) throw malformed(FIELD, "with a qform of length 1", "a longer one");
        double a = Math.sqrt(Math.max(rest, 0));
        if (rest <= 0) {
            double length = Math.sqrt(b * b + c * c + d * d);
            b /= length;
            c /= length;
            d /= length;
        }
        double[] step = {step(1), step(2), step(3) * (pixdim(0) < 0 ? -1 : 1)};
        return Affine.of(
                (a * a + b * b - c * c - d * d) * step[0],
                2 * (b * c - a * d) * step[1],
                2 * (b * d + a * c) * step[2],
                q[3],
                2 * (b * c + a * d) * step[0],
                (a * a + c * c - b * b - d * d) * step[1],
                2 * (c * d - a * b) * step[2],
                q[4],
                2 * (b * d - a * c) * step[0],
                2 * (c * d + a * b) * step[1],
                (a * a + d * d - b * b - c * c) * step[2],
                q[5]);
    }
}
