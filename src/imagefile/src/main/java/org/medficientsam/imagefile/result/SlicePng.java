package org.medficientsam.imagefile.result;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.medficientsam.casefile.ImageArray;

/** A slice as the network sees it: a PNG of 8 bits, grey or red, green and blue. */
public final class SlicePng {
    private SlicePng() {}

    /**
     * Writes and leaves the stream open.
     *
     * @param z slice; 0 of an image
     * @throws IllegalArgumentException if there is no such slice
     */
    public static void write(OutputStream out, ImageArray image, int z) throws IOException {
        if (z < 0 || z >= image.depth())
            throw new IllegalArgumentException("slice must be in 0..%d, got %d".formatted(image.depth() - 1, z));
        boolean grey = image.channels() == 1;
        BufferedImage picture = new BufferedImage(
                image.width(), image.height(), grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        byte[] pixels = ((DataBufferByte) picture.getRaster().getDataBuffer()).getData();
        byte[] data = image.data();
        int from = image.offset(z);
        if (grey) {
            System.arraycopy(data, from, pixels, 0, pixels.length);
        } else {
            for (int i = 0; i < pixels.length; i += 3) {
                pixels[i] = data[from + i + 2];
                pixels[i + 1] = data[from + i + 1];
                pixels[i + 2] = data[from + i];
            }
        }
        // By default ImageIO would cache in a temporary file.
        try (MemoryCacheImageOutputStream png = new MemoryCacheImageOutputStream(out)) {
            ImageIO.write(picture, "png", png);
        }
    }
}
