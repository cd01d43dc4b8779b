package org.medficientsam.segmenter.picture;

/** A box as the decoder takes it: pixels of the original image / max(H, W) on both axes. */
public record PromptBox(float xMin, float yMin, float xMax, float yMax) {
    /** x_min, y_min, x_max, y_max. */
    public float[] corners() {
        return new float[] {xMin, yMin, xMax, yMax};
    }
}
