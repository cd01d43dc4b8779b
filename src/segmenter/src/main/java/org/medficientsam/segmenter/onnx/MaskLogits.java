package org.medficientsam.segmenter.onnx;

/** What the decoder made of one box: logits on a square of its own resolution, positive inside the mask. */
public final class MaskLogits {
    private final float[] values; // (size, size)
    private final int size;
    private final float iou;

    private MaskLogits(float[] values, int size, float iou) {
        this.values = values;
        this.size = size;
        this.iou = iou;
    }

    /**
     * Takes ownership of {@code values}; the caller must let go.
     *
     * @param values row-major (size, size)
     * @param iou the network's estimate of its own IoU, NaN where it gives none
     * @throws IllegalArgumentException if the length is not size * size
     */
    public static MaskLogits adopt(float[] values, int size, float iou) {
        if (size < 1 || values.length != size * size)
            throw new IllegalArgumentException(
                    "logits must be (%d, %d), got %d values".formatted(size, size, values.length));
        return new MaskLogits(values, size, iou);
    }

    /** The array itself, not a copy: row-major (size, size). */
    public float[] values() {
        return values;
    }

    /** Side of the square. */
    public int size() {
        return size;
    }

    /** The network's estimate of its own IoU, NaN where it gives none. */
    public float iou() {
        return iou;
    }
}
