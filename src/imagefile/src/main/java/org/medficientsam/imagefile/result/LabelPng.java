package org.medficientsam.imagefile.result;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferUShort;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.medficientsam.casefile.LabelMap;

/** A grey PNG whose pixels are the labels themselves: of 8 bits if all fit, else of 16. */
public final class LabelPng {
    private LabelPng() {}

    /**
     * Writes and leaves the stream open.
     *
     * @throws IllegalArgumentException if it has more than one slice
     */
    public static void write(OutputStream out, LabelMap labels) throws IOException {
        if (labels.depth() != 1)
            throw new IllegalArgumentException("labels must be of one slice, got " + labels.depth());
        boolean wide = false;
        for (short label : labels.labels()) wide |= (label & 0xff00) != 0;
        BufferedImage picture = new BufferedImage(
                labels.width(), labels.height(), wide ? BufferedImage.TYPE_USHORT_GRAY : BufferedImage.TYPE_BYTE_GRAY);
        if (wide) {
            short[] pixels = ((DataBufferUShort) picture.getRaster().getDataBuffer()).getData();
            System.arraycopy(labels.labels(), 0, pixels, 0, pixels.length);
        } else {
            byte[] pixels = ((DataBufferByte) picture.getRaster().getDataBuffer()).getData();
            for (int i = 0; i < pixels.length; i++) pixels[i] = (byte) labels.labels()[i];
        }
        // By default ImageIO would cache in a temporary file.
        try (MemoryCacheImageOutputStream png = new MemoryCacheImageOutputStream(out)) {
            ImageIO.write(picture, "png", png);
        }
    }
}
