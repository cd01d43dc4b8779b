package org.medficientsam.segmenter;

/** A segmentation ended early because its {@link Progress} said so or its thread was interrupted; there is no result. */
public final class SegmentationStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SegmentationStoppedException(int done, int total) {
        super("segmentation was stopped after %d of %d steps".formatted(done, total));
    }

    /** The thread was interrupted, and still is. */
    SegmentationStoppedException() {
        super("segmentation was interrupted");
    }
}
