package org.medficientsam.segmenter.onnx;

/**
 * The numbers of an embedding on the heap, where they outlive the request and the model that made them, count as any other memory does,
 * and need no closing. {@link ImageEncoder#restore} brings them back to native memory, bit by bit as they were.
 */
public final class EmbeddingValues {
    private final float[] values; // row-major in the axes of the tensor
    private final long[] shape;

    EmbeddingValues(float[] values, long[] shape) {
        this.values = values;
        this.shape = shape;
    }

    float[] values() {
        return values;
    }

    long[] shape() {
        return shape;
    }

    /** Heap that it holds. */
    public long bytes() {
        return (long) Float.BYTES * values.length;
    }
}
