package org.medficientsam.segmenter.onnx;

import java.util.Optional;

/** What the decoder made of one box: logits on a square of its own resolution, positive inside the mask. */
public final class MaskLogits {
    private final float[] values; // (size, size)
    private final int size;
    private final float iou;
    private final Optional<ObjectPrototypes> prototypes;

    private MaskLogits(float[] values, int size, float iou, Optional<ObjectPrototypes> prototypes) {
        this.values = values;
        this.size = size;
        this.iou = iou;
        this.prototypes = prototypes;
    }

    /**
     * Takes ownership of {@code values}; the caller must let go.
     *
     * @param values row-major (size, size)
     * @param iou the network's estimate of its own IoU, NaN where it gives none
     * @throws IllegalArgumentException if the length is not size * size
     */
    public static MaskLogits adopt(float[] values, int size, float iou) {
        return adopt(values, size, iou, Optional.empty());
    }

    /** As {@link #adopt(float[], int, float)}, with the prototypes that a propagator gives beside. */
    public static MaskLogits adopt(float[] values, int size, float iou, Optional<ObjectPrototypes> prototypes) {
        if (size < 1 || values.length != size * size)
            throw new IllegalArgumentException(
                    "logits must be (%d, %d), got %d values".formatted(size, size, values.length));
        return new MaskLogits(values, size, iou, prototypes);
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

    /** Of what was found; a propagator's alone. */
    public Optional<ObjectPrototypes> prototypes() {
        return prototypes;
    }
}
