package org.medficientsam.function;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** Good cases, drawn from a seed: bright ellipses on a noisy ground, as any box-prompted model finds them. */
public final class SampleCase {
    private SampleCase() {}

    /** 150 x 120 RGB with two boxes. */
    public static byte[] image() {
        return new RawNpz()
                .array("imgs", "|u1", "(120, 150, 3)", ellipse(1, 120, 150, 3))
                .boxes(4, 40, 30, 110, 90, 5, 5, 30, 25)
                .zip();
    }

    /** 48 x 40 x 6 grey with two boxes. */
    public static byte[] volume() {
        return new RawNpz()
                .array("imgs", "|u1", "(6, 40, 48)", ellipse(6, 40, 48, 1))
                .boxes(6, 12, 10, 1, 36, 30, 4, 2, 2, 0, 12, 12, 5)
                .doubles("spacing", "(3,)", 0.8, 0.8, 2.5)
                .zip();
    }

    /** {@link #image()}, its pixels p stored as the int16 {@code p * slope + offset}. */
    public static byte[] rescaledImage(int slope, int offset) {
        byte[] pixels = ellipse(1, 120, 150, 3);
        ByteBuffer numbers = ByteBuffer.allocate(pixels.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (byte pixel : pixels) numbers.putShort((short) (Byte.toUnsignedInt(pixel) * slope + offset));
        return new RawNpz()
                .array("imgs", "<i2", "(120, 150, 3)", numbers.array())
                .boxes(4, 40, 30, 110, 90, 5, 5, 30, 25)
                .zip();
    }

    /** An image with these boxes, each x_min, y_min, x_max, y_max. */
    public static byte[] image(int width, int height, double... boxes) {
        return new RawNpz()
                .array("imgs", "|u1", "(%d, %d)".formatted(height, width), ellipse(1, height, width, 1))
                .boxes(4, boxes)
                .zip();
    }

    /** A volume with these boxes, each x_min, y_min, z_min, x_max, y_max, z_max. */
    public static byte[] volume(int width, int height, int depth, double... boxes) {
        String shape = "(%d, %d, %d)".formatted(depth, height, width);
        return new RawNpz()
                .array("imgs", "|u1", shape, ellipse(depth, height, width, 1))
                .boxes(6, boxes)
                .zip();
    }

    /** A volume of one grey, which deflates to almost nothing. */
    public static byte[] flatVolume(int width, int height, int depth, double... boxes) {
        String shape = "(%d, %d, %d)".formatted(depth, height, width);
        return new RawNpz()
                .array("imgs", "|u1", shape, new byte[depth * height * width])
                .boxes(6, boxes)
                .zip();
    }

    /** A volume of noise, which does not deflate at all. */
    public static byte[] noise(int width, int height, int depth, double... boxes) {
        byte[] pixels = new byte[depth * height * width];
        new Random(3).nextBytes(pixels);
        return new RawNpz()
                .array("imgs", "|u1", "(%d, %d, %d)".formatted(depth, height, width), pixels)
                .boxes(6, boxes)
                .zip();
    }

    private static byte[] ellipse(int depth, int height, int width, int channels) {
        Random noise = new Random(7);
        byte[] pixels = new byte[depth * height * width * channels];
        int at = 0;
        for (int z = 0; z < depth; z++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    double dy = (y - height / 2.0) / (height / 4.0);
                    double dx = (x - width / 2.0) / (width / 4.0);
                    int level = dx * dx + dy * dy < 1 ? 190 : 60;
                    for (int c = 0; c < channels; c++) {
                        pixels[at++] = (byte) (level + noise.nextInt(30));
                    }
                }
            }
        }
        return pixels;
    }
}
