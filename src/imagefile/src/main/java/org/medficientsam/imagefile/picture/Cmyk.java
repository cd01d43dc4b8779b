package org.medficientsam.imagefile.picture;

import java.awt.image.Raster;
import java.util.Optional;
import org.medficientsam.imagefile.image.NumberType;

/** Four inks to RGB as Pillow converts them, without a profile. */
final class Cmyk {
    private Cmyk() {}

    /**
     * @param raster four bands as stored
     * @param inverted whether 255 is no ink, as Adobe writes it
     * @param ycck whether the first three are luma and chroma
     */
    static Samples rgb(Raster raster, boolean inverted, boolean ycck) {
        int width = raster.getWidth();
        byte[] bytes = new byte[width * raster.getHeight() * 3];
        int[] row = new int[width * 4];
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                int[] inks = {row[4 * x], row[4 * x + 1], row[4 * x + 2], row[4 * x + 3]};
                if (ycck) toInks(inks);
                if (inverted) for (int i = 0; i < 4; i++) inks[i] = 255 - inks[i];
                int noBlack = 255 - inks[3];
                for (int c = 0; c < 3; c++) bytes[at++] = (byte) Math.max(noBlack - product(inks[c], noBlack), 0);
            }
        }
        return new Samples(width, raster.getHeight(), 3, NumberType.UINT8, bytes, Optional.empty());
    }

    /** libjpeg's conversion: 255 minus the RGB of Y, Cb, Cr; black stays. */
    private static void toInks(int[] ycck) {
        int luma = ycck[0];
        int cb = ycck[1] - 128;
        int cr = ycck[2] - 128;
        ycck[0] = clipped(255 - (luma + (91881 * cr + 32768 >> 16)));
        ycck[1] = clipped(255 - (luma + (-22554 * cb - 46802 * cr + 32768 >> 16)));
        ycck[2] = clipped(255 - (luma + (116130 * cb + 32768 >> 16)));
    }

    private static int clipped(int value) {
        return Math.min(Math.max(value, 0), 255);
    }

    /** a x b / 255, rounded as Pillow rounds it. */
    private static int product(int a, int b) {
        int t = a * b + 128;
        return (t >> 8) + t >> 8;
    }
}
