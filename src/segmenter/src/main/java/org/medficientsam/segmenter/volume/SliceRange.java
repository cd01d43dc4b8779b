package org.medficientsam.segmenter.volume;

import org.medficientsam.casefile.Box3D;

/**
 * The slices in which an object is looked for, ends inclusive.
 *
 * @param first the lowest
 * @param middle of an even number of slices the lower of the two central ones
 * @param upperMiddle the upper of the two, else {@code middle}
 * @param last the highest
 */
record SliceRange(int first, int middle, int upperMiddle, int last) {
    /**
     * @param depth of the volume; a box may end there, one beyond the last slice
     * @param lastSliceIncluded whether the box's zMax is the last slice, or the first that is left out
     */
    static SliceRange of(Box3D box, int depth, boolean lastSliceIncluded) {
        int zMin = (int) box.zMin();
        int zMax = Math.min((int) box.zMax(), depth - 1);
        int middle = (zMin + zMax) / 2;
        // The published program segments the middle slice even where its loop would leave it out.
        int last = Math.max(middle, lastSliceIncluded ? zMax : zMax - 1);
        return new SliceRange(zMin, middle, zMin + zMax - middle, last);
    }
}
