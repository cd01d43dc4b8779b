package org.medficientsam.casefile;

/** An 8-bit image or volume, row-major (depth, height, width, channels); an image has depth 1. */
public final class ImageArray {
    private final byte[] data; // (D, H, W, C) uint8
    private final int depth;
    private final int height;
    private final int width;
    private final int channels;

    private ImageArray(byte[] data, int depth, int height, int width, int channels) {
        this.data = data;
        this.depth = depth;
        this.height = height;
        this.width = width;
        this.channels = channels;
    }

    /**
     * Takes ownership of {@code data}; the caller must let go.
     *
     * @param data uint8, row-major (D, H, W, C)
     * @param channels 1 (grey) or 3 (RGB)
     * @throws IllegalArgumentException if an axis is empty, channels are not 1 or 3, or the length does not fit
     */
    public static ImageArray adopt(byte[] data, int depth, int height, int width, int channels) {
        if (depth < 1 || height < 1 || width < 1 || (channels != 1 && channels != 3))
            throw new IllegalArgumentException(
                    "image must be (D, H, W, 1 or 3) without an empty axis, got (%d, %d, %d, %d)"
                            .formatted(depth, height, width, channels));
        if (data.length != Shape.size(depth, height, width, channels))
            throw new IllegalArgumentException("image (%d, %d, %d, %d) must have as many bytes, got %d"
                    .formatted(depth, height, width, channels, data.length));
        return new ImageArray(data, depth, height, width, channels);
    }

    /** Slices; 1 for an image. */
    public int depth() {
        return depth;
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

    /** The array itself, not a copy: (D, H, W, C) uint8, row-major. */
    public byte[] data() {
        return data;
    }

    /** Where slice {@code z} begins in {@link #data()}. */
    public int offset(int z) {
        return z * height * width * channels;
    }
}
