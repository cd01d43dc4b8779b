package org.medficientsam.segmenter;

/**
 * Milliseconds per stage. Stages of one case overlap on several threads; each figure is the sum over threads, so together they
 * may exceed the time that passed.
 *
 * @param readMs inflating and checking the case; the caller's
 * @param resizeMs resizing, scaling and padding slices
 * @param encodeMs the encoder's runs
 * @param decodeMs the decoder's runs
 * @param maskMs upsampling, thresholding and painting masks
 * @param writeMs deflating the label map; the caller's
 */
public record StageTimings(
        double readMs, double resizeMs, double encodeMs, double decodeMs, double maskMs, double writeMs) {
    /** The same with the reading time. */
    public StageTimings withRead(double ms) {
        return new StageTimings(ms, resizeMs, encodeMs, decodeMs, maskMs, writeMs);
    }

    /** The same with the writing time. */
    public StageTimings withWrite(double ms) {
        return new StageTimings(readMs, resizeMs, encodeMs, decodeMs, maskMs, ms);
    }
}
