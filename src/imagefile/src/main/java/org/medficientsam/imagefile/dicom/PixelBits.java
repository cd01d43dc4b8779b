package org.medficientsam.imagefile.dicom;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.nio.ByteBuffer;
import org.medficientsam.imagefile.image.NumberType;

/**
 * Which bits of the allocated ones a pixel has.
 *
 * @param lowest index of its lowest bit
 */
record PixelBits(int allocated, int stored, int lowest, boolean signed) {
    static PixelBits of(DicomDataset dataset, int allocated) {
        int stored = dataset.uint16(Tag.BITS_STORED).orElse(allocated);
        int high = dataset.uint16(Tag.HIGH_BIT).orElse(stored - 1);
        if ((allocated != 1 && allocated != 8 && allocated != 16 && allocated != 32)
                || stored < 1
                || high >= allocated
                || high - stored + 1 < 0)
            throw malformed(
                    "dicom",
                    "of 1, 8, 16 or 32 bits allocated with those stored among them",
                    "%d stored up to bit %d of %d".formatted(stored, high, allocated));
        return new PixelBits(
                allocated,
                stored,
                high - stored + 1,
                dataset.uint16(Tag.REPRESENTATION).orElse(0) == 1);
    }

    NumberType type() {
        return switch (allocated) {
            case 16 -> signed ? NumberType.INT16 : NumberType.UINT16;
            case 32 -> signed ? NumberType.INT32 : NumberType.UINT32;
            default -> signed && allocated == 8 ? NumberType.INT8 : NumberType.UINT8;
        };
    }

    /** One byte per pixel from eight pixels a byte, lowest bit first. */
    byte[] unpack(byte[] bytes, int offset, int pixels) {
        byte[] unpacked = new byte[pixels];
        for (int i = 0; i < pixels; i++) unpacked[i] = (byte) (bytes[offset + i / 8] >> i % 8 & 1);
        return unpacked;
    }

    /** Clears in place what is not the pixel's, such as overlays, and spreads its sign. */
    void clean(ByteBuffer buffer, int offset, int count) {
        if (stored == allocated) return;
        int up = 32 - lowest - stored;
        int down = 32 - stored;
        for (int i = 0; i < count; i++) {
            int at = offset + i * (allocated / 8);
            switch (allocated) {
                case 8 -> buffer.put(at, (byte) shifted(buffer.get(at), up, down));
                case 16 -> buffer.putShort(at, (short) shifted(buffer.getShort(at), up, down));
                default -> buffer.putInt(at, shifted(buffer.getInt(at), up, down));
            }
        }
    }

    private int shifted(int bits, int up, int down) {
        return signed ? bits << up >> down : bits << up >>> down;
    }
}
