package org.medficientsam.segmenter;

import java.util.Optional;

/**
 * How one case is segmented.
 *
 * @param rules what surrounds the network
 * @param progress hears how far it is, and may end it
 * @param kept embeddings of the case's image from earlier requests, which this one adds to; they change no answer
 */
public record CaseOptions(Rules rules, Progress progress, Optional<KeptEmbeddings> kept) {
    /** By those rules, and nothing else. */
    public static CaseOptions of(Rules rules) {
        return new CaseOptions(rules, Progress.NONE, Optional.empty());
    }

    /** The same with a listener. */
    public CaseOptions with(Progress listener) {
        return new CaseOptions(rules, listener, kept);
    }

    /** The same with embeddings that outlive the case. */
    public CaseOptions with(KeptEmbeddings embeddings) {
        return new CaseOptions(rules, progress, Optional.of(embeddings));
    }
}
