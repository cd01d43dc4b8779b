package org.medficientsam.segmenter.picture;

import java.util.Arrays;

/**
 * Area-averaging resize of 8-bit pixels, equal to the bit with OpenCV's INTER_AREA. Where an axis grows OpenCV falls back to
 * a bilinear variant; whole-number factors are summed as integers.
 */
final class AreaResize {
    private AreaResize() {}

    static ImageSlice resize(ImageSlice source, int height, int width) {
        double scaleY = LinearTaps.scale(source.height(), height);
        double scaleX = LinearTaps.scale(source.width(), width);
        if (scaleY < 1 || scaleX < 1)
            return LinearResize.interpolate(
                    source, LinearTaps.covering(source.height(), height), LinearTaps.covering(source.width(), width));
        if (source.height() == 2 * height && source.width() == 2 * width) return halve(source, height, width);
        if (isWhole(scaleY) && isWhole(scaleX))
            return sumBlocks(source, height, width, (int) Math.rint(scaleY), (int) Math.rint(scaleX));
        return average(source, AreaTaps.of(source.height(), height), AreaTaps.of(source.width(), width), height, width);
    }

    private static boolean isWhole(double scale) {
        return Math.abs(scale - Math.rint(scale)) < Math.ulp(1.0);
    }

    /** OpenCV rounds the mean of two by two half up, all other whole factors half to even. */
    private static ImageSlice halve(ImageSlice source, int height, int width) {
        byte[] pixels = source.pixels();
        int channels = source.channels();
        int stride = source.width() * channels;
        byte[] target = new byte[height * width * channels];
        for (int y = 0, i = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int channel = 0; channel < channels; channel++, i++) {
                    int upper = source.offset() + 2 * (y * stride + x * channels) + channel;
                    int lower = upper + stride;
                    int sum = (pixels[upper] & 0xff)
                            + (pixels[upper + channels] & 0xff)
                            + (pixels[lower] & 0xff)
                            + (pixels[lower + channels] & 0xff);
                    target[i] = (byte) ((sum + 2) >> 2);
                }
        return ImageSlice.view(target, 0, height, width, channels);
    }

    private static ImageSlice sumBlocks(ImageSlice source, int height, int width, int blockHeight, int blockWidth) {
        int channels = source.channels();
        int stride = source.width() * channels;
        int[] sums = new int[width * channels];
        byte[] target = new byte[height * width * channels];
        float inverse = 1f / (blockHeight * blockWidth);
        for (int y = 0; y < height; y++) {
            Arrays.fill(sums, 0);
            for (int row = 0; row < blockHeight; row++)
                addRow(source, source.offset() + (y * blockHeight + row) * stride, blockWidth, sums);
            int offset = y * sums.length;
            for (int i = 0; i < sums.length; i++) target[offset + i] = (byte) Math.rint(sums[i] * inverse);
        }
        return ImageSlice.view(target, 0, height, width, channels);
    }

    private static void addRow(ImageSlice source, int start, int blockWidth, int[] sums) {
        byte[] pixels = source.pixels();
        int channels = source.channels();
        int block = blockWidth * channels;
        for (int i = 0, from = start; i < sums.length; i += channels, from += block)
            for (int channel = 0; channel < channels; channel++)
                for (int k = channel; k < block; k += channels) sums[i + channel] += pixels[from + k] & 0xff;
    }

    private static ImageSlice average(ImageSlice source, AreaTaps rows, AreaTaps columns, int height, int width) {
        int channels = source.channels();
        int stride = source.width() * channels;
        int length = width * channels;
        float[] row = new float[length];
        float[] sum = new float[length];
        byte[] target = new byte[height * length];
        for (int k = 0; k < rows.count(); k++) {
            columns.weigh(source.pixels(), source.offset() + rows.source(k) * stride, channels, row);
            float weight = rows.weight(k);
            if (k == 0 || rows.target(k) != rows.target(k - 1))
                for (int i = 0; i < length; i++) sum[i] = weight * row[i];
            else for (int i = 0; i < length; i++) sum[i] += weight * row[i];
            if (k + 1 == rows.count() || rows.target(k + 1) != rows.target(k)) {
                int offset = rows.target(k) * length;
                for (int i = 0; i < length; i++) target[offset + i] = (byte) Math.min(255, Math.rint(sum[i]));
            }
        }
        return ImageSlice.view(target, 0, height, width, channels);
    }
}
