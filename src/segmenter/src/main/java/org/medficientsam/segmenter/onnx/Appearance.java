package org.medficientsam.segmenter.onnx;

/** How an object looks in a slice, as a propagator saw it: to be given back to it in further slices, of no other use. */
public final class Appearance {
    private final float[] values; // (2 E,)

    private Appearance(float[] values) {
        this.values = values;
    }

    /** Takes ownership of {@code values}; the caller must let go. */
    public static Appearance adopt(float[] values) {
        return new Appearance(values);
    }

    float[] values() {
        return values;
    }
}
