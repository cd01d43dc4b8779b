package org.medficientsam.imagefile.dicom;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.nio.ByteOrder;
import org.medficientsam.imagefile.image.NumberType;

/** Three samples per pixel as interleaved RGB. */
final class Colours {
    private Colours() {}

    /**
     * @param halved whether two pixels share their colour
     * @param planar whether a frame has all reds first, then all greens, then all blues
     */
    static DicomPixels rgb(DicomPixels stored, String photometric, boolean halved, boolean planar) {
        boolean ybr = photometric.startsWith("YBR");
        if (ybr && stored.type() != NumberType.UINT8)
            throw malformed(
                    "dicom", "of 8 bits if " + photometric, stored.type().toString());
        if (halved) return stored.with(fromYbr(spread(stored)), 3);
        if (!planar && !ybr) return stored;
        byte[] bytes = planar ? interleaved(stored) : copy(stored);
        if (ybr) return stored.with(fromYbr(bytes), 3);
        return new DicomPixels(
                bytes, 0, stored.type(), stored.order(), stored.frames(), stored.rows(), stored.columns(), 3, false);
    }

    private static byte[] copy(DicomPixels stored) {
        byte[] bytes = new byte[stored.frames() * stored.frameBytes()];
        System.arraycopy(stored.bytes(), stored.offset(), bytes, 0, bytes.length);
        return bytes;
    }

    private static byte[] interleaved(DicomPixels stored) {
        int size = stored.type().bytes();
        int plane = stored.rows() * stored.columns();
        byte[] bytes = new byte[stored.frames() * stored.frameBytes()];
        int at = 0;
        for (int frame = 0; frame < stored.frames(); frame++) {
            int start = stored.offset() + frame * stored.frameBytes();
            for (int i = 0; i < plane; i++)
                for (int c = 0; c < 3; c++)
                    for (int b = 0; b < size; b++) bytes[at++] = stored.bytes()[start + (c * plane + i) * size + b];
        }
        return bytes;
    }

    /** Two pixels share their colour: Y Y Cb Cr. In big-endian words it is the same bytes. */
    private static byte[] spread(DicomPixels stored) {
        if (stored.columns() % 2 != 0 || stored.order() == ByteOrder.BIG_ENDIAN)
            throw malformed("dicom", "of an even number of columns, little-endian, if YBR_FULL_422", "another form");
        byte[] in = stored.bytes();
        byte[] bytes = new byte[stored.frames() * stored.rows() * stored.columns() * 3];
        for (int pair = 0; pair < bytes.length / 6; pair++) {
            int from = stored.offset() + 4 * pair;
            for (int i = 0; i < 2; i++) {
                bytes[6 * pair + 3 * i] = in[from + i];
                bytes[6 * pair + 3 * i + 1] = in[from + 2];
                bytes[6 * pair + 3 * i + 2] = in[from + 3];
            }
        }
        return bytes;
    }

    /** In place, by the equations of PS3.3 C.7.6.3.1.2. */
    private static byte[] fromYbr(byte[] bytes) {
        for (int i = 0; i < bytes.length; i += 3) {
            double y = bytes[i] & 0xff;
            double cb = (bytes[i + 1] & 0xff) - 128;
            double cr = (bytes[i + 2] & 0xff) - 128;
            bytes[i] = clipped(y + 1.402 * cr);
            bytes[i + 1] = clipped(y - 0.114 * 1.772 / 0.587 * cb - 0.299 * 1.402 / 0.587 * cr);
            bytes[i + 2] = clipped(y + 1.772 * cb);
        }
        return bytes;
    }

    private static byte clipped(double value) {
        return (byte) Math.min(Math.max(Math.floor(value + 0.5), 0), 255);
    }
}
