package org.medficientsam.segmenter;

/** Hears what every box found before it is settled which label is on top. Called in the thread that asked for the segmentation. */
@FunctionalInterface
public interface MaskListener {
    /** Hears nothing. */
    MaskListener NONE = (box, z, mask) -> {};

    /**
     * @param box its index; of a volume once per slice
     * @param z slice; 0 of an image
     */
    void found(int box, int z, ObjectMask mask);
}
