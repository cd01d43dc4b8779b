package org.medficientsam.imagefile.picture;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.SinglePixelPackedSampleModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medficientsam.imagefile.image.NumberType;

/**
 * A picture's numbers, row by row, channels interleaved, little-endian.
 *
 * @param channels 1 (grey) or 3 (RGB)
 * @param alpha one uint8 per pixel, where some are not opaque
 */
record Samples(int width, int height, int channels, NumberType type, byte[] bytes, Optional<byte[]> alpha) {
    private static final String FIELD = "picture";

    /** @param colours how the raster's numbers are to be read; absent for plain channels */
    static Samples of(Raster raster, @Nullable ColorModel colours) {
        if (colours instanceof IndexColorModel palette) return indexed(raster, colours(palette));
        int bands = raster.getNumBands();
        int channels = bands >= 3 ? 3 : 1;
        if (bands > 4) throw malformed(FIELD, "of 1 to 4 channels", Integer.toString(bands));
        NumberType type = type(raster);
        byte[] bytes = new byte[raster.getWidth() * raster.getHeight() * channels * type.bytes()];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        double[] row = new double[raster.getWidth() * bands];
        int[] most = packedMaxima(raster);
        boolean hasAlpha = bands == channels + 1;
        double opaque = type == NumberType.UINT16 ? 0xffff : 0xff;
        byte[] alpha = new byte[hasAlpha ? raster.getWidth() * raster.getHeight() : 0];
        boolean seen = false;
        int pixel = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
            for (int x = 0; x < raster.getWidth(); x++, pixel++) {
                for (int c = 0; c < channels; c++) {
                    double value = row[x * bands + c];
                    put(out, type, most.length == 0 ? value : Math.floor(value * 255 / most[c]));
                }
                if (hasAlpha) {
                    double value = row[x * bands + channels];
                    seen |= value != opaque;
                    alpha[pixel] = (byte) (int) (value * 255 / opaque);
                }
            }
        }
        return new Samples(
                raster.getWidth(),
                raster.getHeight(),
                channels,
                type,
                bytes,
                seen ? Optional.of(alpha) : Optional.empty());
    }

    /** The largest number of each band where several share a word of 16 bits, as in BMP, to be spread to 8 bits as Pillow does; else none. */
    private static int[] packedMaxima(Raster raster) {
        if (!(raster.getSampleModel() instanceof SinglePixelPackedSampleModel packed)
                || raster.getTransferType() != DataBuffer.TYPE_USHORT) return new int[0];
        return Arrays.stream(packed.getSampleSize())
                .map(bits -> (1 << bits) - 1)
                .toArray();
    }

    private static NumberType type(Raster raster) {
        int bits = 0;
        for (int b = 0; b < raster.getNumBands(); b++)
            bits = Math.max(bits, raster.getSampleModel().getSampleSize(b));
        return switch (raster.getTransferType()) {
            case DataBuffer.TYPE_FLOAT -> NumberType.FLOAT32;
            case DataBuffer.TYPE_DOUBLE -> NumberType.FLOAT64;
            case DataBuffer.TYPE_SHORT -> NumberType.INT16;
            case DataBuffer.TYPE_INT -> bits <= 8 ? NumberType.UINT8 : NumberType.INT32;
            case DataBuffer.TYPE_USHORT -> bits <= 8 ? NumberType.UINT8 : NumberType.UINT16;
            default -> NumberType.UINT8;
        };
    }

    private static void put(ByteBuffer out, NumberType type, double value) {
        switch (type) {
            case FLOAT32 -> out.putFloat((float) value);
            case FLOAT64 -> out.putDouble(value);
            case INT32 -> out.putInt((int) value);
            case INT16, UINT16 -> out.putShort((short) (int) value);
            default -> out.put((byte) (int) value);
        }
    }

    private static int[] colours(IndexColorModel palette) {
        int[] rgb = new int[palette.getMapSize()];
        palette.getRGBs(rgb);
        return rgb;
    }

    /** Grey if all colours of the palette are. */
    static Samples indexed(Raster raster, int[] rgb) {
        boolean grey = true;
        for (int colour : rgb)
            grey &= (colour >> 16 & 0xff) == (colour >> 8 & 0xff) && (colour >> 8 & 0xff) == (colour & 0xff);
        int channels = grey ? 1 : 3;
        byte[] bytes = new byte[raster.getWidth() * raster.getHeight() * channels];
        int[] row = new int[raster.getWidth()];
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, 0, row);
            for (int index : row) {
                // A number beyond the palette has no colour; Pillow shows it black.
                int colour = index < rgb.length ? rgb[index] : 0;
                for (int c = 0; c < channels; c++) bytes[at++] = (byte) (colour >> (16 - 8 * c));
            }
        }
        return new Samples(raster.getWidth(), raster.getHeight(), channels, NumberType.UINT8, bytes, Optional.empty());
    }

    /** The same bits as signed integers, for readers that do not tell. */
    Samples signed() {
        NumberType signed =
                switch (type) {
                    case UINT8 -> NumberType.INT8;
                    case UINT16 -> NumberType.INT16;
                    default -> type;
                };
        return new Samples(width, height, channels, signed, bytes, alpha);
    }

    /** The same bits as unsigned integers, where Java has no type for them. */
    Samples unsigned() {
        return type == NumberType.INT32 ? new Samples(width, height, channels, NumberType.UINT32, bytes, alpha) : this;
    }

    /** Turned as an orientation says. */
    Samples upright(Orientation orientation) {
        if (orientation.isUpright()) return this;
        return new Samples(
                orientation.transposes() ? height : width,
                orientation.transposes() ? width : height,
                channels,
                type,
                orientation.apply(bytes, width, height, channels * type.bytes()),
                alpha.map(a -> orientation.apply(a, width, height, 1)));
    }
}
