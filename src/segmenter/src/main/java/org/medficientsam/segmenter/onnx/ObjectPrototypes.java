package org.medficientsam.segmenter.onnx;

/**
 * Mean embeddings of an object in a slice and of what lies beside it in its prompt, as a propagator made them: the prototypes by which it
 * finds the object again in other slices. Of no other use.
 */
public final class ObjectPrototypes {
    private final float[] values; // (2 E,): the graph's appearance

    private ObjectPrototypes(float[] values) {
        this.values = values;
    }

    /** Takes ownership of {@code values}, (2 E,); the caller must let go. */
    public static ObjectPrototypes adopt(float[] values) {
        return new ObjectPrototypes(values);
    }

    float[] values() {
        return values;
    }
}
