package org.medficientsam.segmenter;

import java.util.Optional;

/**
 * How one case is segmented.
 *
 * @param rules what surrounds the network
 * @param progress hears how far it is, and may end it
 * @param threshold probability above which a pixel is in a mask; the masks by which an object is followed are cut at one half whatever it is
 * @param masks hears each box's own mask
 * @param kept embeddings of the case's image from earlier requests, which this one adds to; they change no answer
 */
public record CaseOptions(
        Rules rules, Progress progress, double threshold, MaskListener masks, Optional<KeptEmbeddings> kept) {
    /** Where masks are cut unless asked otherwise. */
    public static final double HALF = 0.5;

    /** @throws IllegalArgumentException if the threshold is not above 0 and below 1 */
    public CaseOptions {
        if (!(threshold > 0 && threshold < 1))
            throw new IllegalArgumentException("threshold must be above 0 and below 1, got " + threshold);
    }

    /** By those rules, and nothing else. */
    public static CaseOptions of(Rules rules) {
        return new CaseOptions(rules, Progress.NONE, HALF, MaskListener.NONE, Optional.empty());
    }

    /** The same with a listener. */
    public CaseOptions with(Progress listener) {
        return new CaseOptions(rules, listener, threshold, masks, kept);
    }

    /** The same with embeddings that outlive the case. */
    public CaseOptions with(KeptEmbeddings embeddings) {
        return new CaseOptions(rules, progress, threshold, masks, Optional.of(embeddings));
    }

    /** The same with masks cut elsewhere. */
    public CaseOptions withThreshold(double probability) {
        return new CaseOptions(rules, progress, probability, masks, kept);
    }

    /** The same with a listener for masks. */
    public CaseOptions with(MaskListener listener) {
        return new CaseOptions(rules, progress, threshold, listener, kept);
    }
}
