package org.medficientsam.segmenter;

/** Hears how far a segmentation is, and may end it. Called in the thread that asked for the segmentation. */
@FunctionalInterface
public interface Progress {
    /** Hears nothing and never ends anything. */
    Progress NONE = (done, total) -> true;

    /**
     * A step is done: a box of an image, or all boxes of a slice of a volume on one of its two sweeps.
     *
     * @return false to stop, which makes the segmentation throw {@link SegmentationStoppedException}
     */
    boolean step(int done, int total);

    /** @throws SegmentationStoppedException if the listener says stop */
    default void advance(int done, int total) {
        if (!step(done, total)) throw new SegmentationStoppedException(done, total);
    }
}
