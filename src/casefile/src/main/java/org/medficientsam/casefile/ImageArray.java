package org.medficientsam.casefile;

/** An 8-bit image or volume, row-major (depth, height, width, channels); an image has depth 1. */
public final class ImageArray implements ImageSize.Sized {
    private final byte[] data; // (D, H, W, C) uint8
    private final ImageSize size;

    private ImageArray(byte[] data, ImageSize size) {
        this.data = data;
        this.size = size;
    }

    /**
     * Takes ownership of {@code data}; the caller must let go.
     *
     * @param data uint8, row-major (D, H, W, C)
     * @param channels 1 (grey) or 3 (RGB)
     * @throws IllegalArgumentException if an axis is empty, channels are not 1 or 3, or the length does not fit
     */
    public static ImageArray adopt(byte[] data, int depth, int height, int width, int channels) {
        ImageSize size = new ImageSize(depth, height, width, channels);
        if (!size.isPossible())
            throw new IllegalArgumentException(
                    "image must be (D, H, W, 1 or 3) without an empty axis, got %s".formatted(size));
        if (data.length != Shape.size(depth, height, width, channels))
            throw new IllegalArgumentException("image %s must have as many bytes, got %d".formatted(size, data.length));
        return new ImageArray(data, size);
    }

    @Override
    public ImageSize size() {
        return size;
    }

    /** The array itself, not a copy: (D, H, W, C) uint8, row-major. */
    public byte[] data() {
        return data;
    }

    /** Where slice {@code z} begins in {@link #data()}. */
    public int offset(int z) {
        return z * height() * width() * channels();
    }
}
