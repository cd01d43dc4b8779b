package org.medficientsam.casefile.npz;

import static org.medficientsam.casefile.InvalidCaseException.malformed;
import static org.medficientsam.casefile.InvalidCaseException.tooLarge;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Shape;

/**
 * What an npy file says about its array, {@code {'descr': '<u2', 'fortran_order': False, 'shape': (3, 4), }}.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">NEP 1, the npy format</a>
 */
final class NpyHeader {
    /** What comes before the header's text: magic, version and a length of 2 or 4 bytes. */
    static final int PREFIX = 8;

    /** Bytes the data is aligned to. */
    private static final int ALIGNMENT = 64;

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    private final DType dtype;
    private final boolean bigEndian;
    private final boolean fortranOrder;
    private final int[] shape;

    NpyHeader(DType dtype, boolean bigEndian, boolean fortranOrder, int... shape) {
        this.dtype = dtype;
        this.bigEndian = bigEndian;
        this.fortranOrder = fortranOrder;
        this.shape = shape;
    }

    DType dtype() {
        return dtype;
    }

    boolean bigEndian() {
        return bigEndian;
    }

    boolean fortranOrder() {
        return fortranOrder;
    }

    int[] shape() {
        return shape;
    }

    /**
     * How wide the length is that follows the prefix: 2 bytes in version 1, 4 bytes in versions 2 and 3.
     *
     * @param prefix the first {@link #PREFIX} bytes
     */
    static int lengthBytes(byte[] prefix, String field) {
        if (!Arrays.equals(prefix, 0, MAGIC.length, MAGIC, 0, MAGIC.length))
            throw malformed(field, "an npy array", "other bytes");
        int major = Byte.toUnsignedInt(prefix[6]);
        int minor = Byte.toUnsignedInt(prefix[7]);
        if (major < 1 || major > 3 || minor != 0)
            throw malformed(field, "an npy array of version 1.0, 2.0 or 3.0", "version " + major + "." + minor);
        return major == 1 ? 2 : 4;
    }

    /** Whether the header's text says so; if it says anything else amiss, {@link #parse} finds out. */
    static boolean isOfObjects(byte[] text) {
        return new String(text, StandardCharsets.ISO_8859_1).matches("\\s*\\{\\s*'descr': '\\|O',.*\\s*");
    }

    /** Reads the header's text, the Python literal. */
    static NpyHeader parse(byte[] text, String field) {
        return new NpyHeaderParser(new String(text, StandardCharsets.ISO_8859_1), field).header();
    }

    /**
     * Bytes of the data that must follow.
     *
     * @throws InvalidCaseException if there are more than {@code maxBytes}
     */
    int dataBytes(String field, int maxBytes) {
        try {
            long bytes = Math.multiplyExact(Shape.size(shape), (long) dtype.itemSize());
            if (bytes <= maxBytes) return (int) bytes;
        } catch (ArithmeticException overflow) {
            // Larger than any limit: refused below like the rest.
        }
        throw tooLarge(field, "at most " + maxBytes + " bytes", dtype + " " + Shape.toString(shape));
    }

    /** Prefix, length and text as {@code numpy.save} writes them: version 1, little-endian, C order. */
    static byte[] encode(DType dtype, int... shape) {
        String text =
                "{'descr': '" + dtype.descr() + "', 'fortran_order': False, 'shape': " + Shape.toString(shape) + ", }";
        int unpadded = PREFIX + 2 + text.length() + 1;
        int length = (unpadded + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) ' ');
        System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
        bytes[6] = 1;
        bytes[7] = 0;
        int textLength = length - PREFIX - 2;
        bytes[8] = (byte) textLength;
        bytes[9] = (byte) (textLength >> 8);
        System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, bytes, PREFIX + 2, text.length());
        bytes[length - 1] = '\n';
        return bytes;
    }
}
