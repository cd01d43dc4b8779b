package org.medficientsam.imagefile.picture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * EXIF's orientation, 1 to 8: how stored rows and columns have to be turned to be upright. Applied as Pillow's
 * {@code ImageOps.exif_transpose} does.
 */
record Orientation(int value) {
    static final Orientation UPRIGHT = new Orientation(1);
    private static final int TAG = 274;

    /** From a TIFF block as EXIF is; upright if it does not say or is damaged. */
    static Orientation of(Optional<byte[]> exif) {
        return exif.flatMap(Orientation::find).map(Orientation::new).orElse(UPRIGHT);
    }

    static Orientation of(int value) {
        return value >= 2 && value <= 8 ? new Orientation(value) : UPRIGHT;
    }

    private static Optional<Integer> find(byte[] block) {
        if (block.length < 8) return Optional.empty();
        // A WebP may carry JPEG's prefix before the block.
        int start = block[0] == 'E' && block.length > 14 ? 6 : 0;
        ByteBuffer tiff = ByteBuffer.wrap(block, start, block.length - start).slice();
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        if (directory < 8 || directory > tiff.limit() - 2) return Optional.empty();
        int entries = Short.toUnsignedInt(tiff.getShort(directory));
        for (int i = 0; i < entries; i++) {
            int at = directory + 2 + 12 * i;
            if (at > tiff.limit() - 12) return Optional.empty();
            if (Short.toUnsignedInt(tiff.getShort(at)) == TAG) {
                int value = tiff.getShort(at + 8);
                return value >= 1 && value <= 8 ? Optional.of(value) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    boolean isUpright() {
        return value == 1;
    }

    /** Whether rows become columns. */
    boolean transposes() {
        return value >= 5;
    }

    /** Bytes of the upright picture, {@code pixelBytes} each pixel. */
    byte[] apply(byte[] stored, int width, int height, int pixelBytes) {
        if (isUpright()) return stored;
        byte[] upright = new byte[stored.length];
        int uprightWidth = transposes() ? height : width;
        int uprightHeight = transposes() ? width : height;
        int at = 0;
        for (int y = 0; y < uprightHeight; y++) {
            for (int x = 0; x < uprightWidth; x++) {
                int fromX =
                        switch (value) {
                            case 2, 3 -> width - 1 - x;
                            case 4 -> x;
                            case 5, 6 -> y;
                            default -> width - 1 - y; // 7, 8
                        };
                int fromY =
                        switch (value) {
                            case 2 -> y;
                            case 3, 4 -> height - 1 - y;
                            case 5, 8 -> x;
                            default -> height - 1 - x; // 6, 7
                        };
                System.arraycopy(stored, (fromY * width + fromX) * pixelBytes, upright, at, pixelBytes);
                at += pixelBytes;
            }
        }
        return upright;
    }
}
