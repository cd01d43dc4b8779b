package org.medficientsam.segmenter.picture;

import java.util.Objects;

/** One 8-bit picture, row-major (height, width, channels): a view into an array that may hold more. */
public final class ImageSlice {
    private final byte[] pixels; // (H, W, C) uint8 from offset on
    private final int offset;
    private final int height;
    private final int width;
    private final int channels;

    private ImageSlice(byte[] pixels, int offset, int height, int width, int channels) {
        this.pixels = pixels;
        this.offset = offset;
        this.height = height;
        this.width = width;
        this.channels = channels;
    }

    /**
     * A view, not a copy.
     *
     * @param offset where the slice begins in {@code pixels}
     * @param channels 1 (grey) or 3 (RGB)
     * @throws IllegalArgumentException if an axis is empty, channels are not 1 or 3
     * @throws IndexOutOfBoundsException if the array ends before the slice does
     */
    public static ImageSlice view(byte[] pixels, int offset, int height, int width, int channels) {
        if (height < 1 || width < 1 || (channels != 1 && channels != 3))
            throw new IllegalArgumentException("slice must be (H, W, 1 or 3) without an empty axis, got (%d, %d, %d)"
                    .formatted(height, width, channels));
        Objects.checkFromIndexSize(
                offset, Math.multiplyExact(Math.multiplyExact(height, width), channels), pixels.length);
        return new ImageSlice(pixels, offset, height, width, channels);
    }

    /**
     * A copy of the rows {@code y} to {@code y + height - 1} and the columns {@code x} to {@code x + width - 1}.
     *
     * @throws IndexOutOfBoundsException if they reach beyond the slice
     */
    public ImageSlice part(int x, int y, int height, int width) {
        Objects.checkFromIndexSize(x, width, this.width);
        Objects.checkFromIndexSize(y, height, this.height);
        int row = width * channels;
        byte[] copy = new byte[height * row];
        for (int i = 0; i < height; i++)
            System.arraycopy(pixels, offset + ((y + i) * this.width + x) * channels, copy, i * row, row);
        return new ImageSlice(copy, 0, height, width, channels);
    }

    /** The array behind the view; the slice begins at {@link #offset()}. */
    public byte[] pixels() {
        return pixels;
    }

    /** Index of the first pixel's first channel. */
    public int offset() {
        return offset;
    }

    /** Rows. */
    public int height() {
        return height;
    }

    /** Columns. */
    public int width() {
        return width;
    }

    /** 1 (grey) or 3 (RGB). */
    public int channels() {
        return channels;
    }

    /** Bytes of the slice. */
    public int size() {
        return height * width * channels;
    }
}
