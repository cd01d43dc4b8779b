package org.medficientsam.imagefile.picture;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A GIF's screen and where on it the first frame lies, which a reader of frames does not tell.
 *
 * @param width of the screen; the frame may be smaller
 * @param left of the frame's first column on it
 */
record GifScreen(int width, int height, int left, int top) {
    private static final int DESCRIPTOR = 0x2c;
    private static final int EXTENSION = 0x21;

    /** @throws org.medficientsam.casefile.InvalidCaseException if it ends before its first frame */
    static GifScreen of(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        in.position(6);
        int width = Short.toUnsignedInt(in.getShort());
        int height = Short.toUnsignedInt(in.getShort());
        int flags = in.get();
        int at = 13 + ((flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1);
        while (at < file.length && file[at] == EXTENSION) {
            at += 2;
            while (at < file.length && file[at] != 0) at += 1 + (file[at] & 0xff);
            at++;
        }
        if (at > file.length - 5 || file[at] != DESCRIPTOR) throw malformed("gif", "with a frame", "none");
        return new GifScreen(
                width, height, Short.toUnsignedInt(in.getShort(at + 1)), Short.toUnsignedInt(in.getShort(at + 3)));
    }

    /** The frame on its screen, and around it what is transparent, or else the first colour; as Pillow fills it. */
    Samples place(BufferedImage frame) {
        WritableRaster stored = frame.getRaster();
        boolean filled = stored.getWidth() == width && stored.getHeight() == height;
        boolean beyond = left + stored.getWidth() > width || top + stored.getHeight() > height;
        if (filled || beyond || !(frame.getColorModel() instanceof IndexColorModel colours))
            return Samples.of(stored, frame.getColorModel());
        WritableRaster screen = stored.createCompatibleWritableRaster(width, height);
        int[] row = new int[width];
        Arrays.fill(row, Math.max(colours.getTransparentPixel(), 0));
        for (int y = 0; y < height; y++) screen.setSamples(0, y, width, 1, 0, row);
        screen.setRect(left, top, stored);
        return Samples.of(screen, colours);
    }
}
