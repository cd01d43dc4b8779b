package org.medficientsam.casefile;

/**
 * A label per pixel or voxel, uint16: 0 is background, i is the i-th box. Row-major (depth, height, width); an image has depth 1.
 */
public final class LabelMap {
    /** Largest label, and so the largest number of boxes. */
    public static final int MAX_LABEL = 0xffff;

    private final short[] labels; // (D, H, W) uint16
    private final int depth;
    private final int height;
    private final int width;
    private final boolean volume;

    private LabelMap(short[] labels, int depth, int height, int width, boolean volume) {
        if (depth < 1 || height < 1 || width < 1 || (depth > 1 && !volume))
            throw new IllegalArgumentException("label map must be an image or a volume without an empty axis, got "
                    + Shape.toString(depth, height, width));
        if (labels.length != Shape.size(depth, height, width))
            throw new IllegalArgumentException("label map %s must have as many labels, got %d"
                    .formatted(Shape.toString(depth, height, width), labels.length));
        this.labels = labels;
        this.depth = depth;
        this.height = height;
        this.width = width;
        this.volume = volume;
    }

    /**
     * Takes ownership of {@code labels}; the caller must let go.
     *
     * @param labels uint16, row-major (D, H, W)
     * @param volume false for an image, which has depth 1
     * @throws IllegalArgumentException if the length does not fit the shape
     */
    public static LabelMap adopt(short[] labels, int depth, int height, int width, boolean volume) {
        return new LabelMap(labels, depth, height, width, volume);
    }

    /** As {@link #adopt}, but of a copy. */
    public static LabelMap copyOf(short[] labels, int depth, int height, int width, boolean volume) {
        return new LabelMap(labels.clone(), depth, height, width, volume);
    }

    /** All background, in the shape of the case. */
    public static LabelMap blank(CaseFile caseFile) {
        ImageArray image = caseFile.image();
        int voxels = Math.toIntExact(Shape.size(image.depth(), image.height(), image.width()));
        return new LabelMap(
                new short[voxels], image.depth(), image.height(), image.width(), caseFile instanceof VolumeCase);
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

    /** Whether it is written as (D, H, W) rather than (H, W). */
    public boolean isVolume() {
        return volume;
    }

    /** The label there, 0..65535. */
    public int get(int z, int y, int x) {
        return Short.toUnsignedInt(labels[(z * height + y) * width + x]);
    }

    /** The array itself, not a copy: (D, H, W) uint16, row-major. */
    public short[] labels() {
        return labels;
    }

    /** (H, W) of an image, (D, H, W) of a volume. */
    public int[] shape() {
        return volume ? new int[] {depth, height, width} : new int[] {height, width};
    }
}
