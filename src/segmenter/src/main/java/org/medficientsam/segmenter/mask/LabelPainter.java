package org.medficientsam.segmenter.mask;

import org.medficientsam.casefile.LabelMap;

/** Paints masks into a label map, lets the higher rank win, and keeps count. */
public final class LabelPainter {
    private final LabelMap map;
    private final int[] ranks; // by label
    private final long[] voxels; // by label

    /**
     * @param map blank; painted in place
     * @param ranks by label, 0 is the background's, see {@link Overlap#ranks}
     */
    public LabelPainter(LabelMap map, int[] ranks) {
        this.map = map;
        this.ranks = ranks;
        this.voxels = new long[ranks.length];
    }

    /** Gives the mask's pixels in slice {@code z} the label, where no higher rank lies. */
    public void paint(int z, Mask mask, int label) {
        if (mask.isEmpty()) return;
        short[] labels = map.labels();
        for (int y = mask.yMin(); y <= mask.yMax(); y++) {
            int row = (z * mask.height() + y) * mask.width();
            for (int x = mask.nextSet(y, mask.xMin()); x < mask.width(); ) {
                int end = mask.nextClear(y, x);
                paintRun(labels, row + x, row + end, label);
                x = mask.nextSet(y, end);
            }
        }
    }

    private void paintRun(short[] labels, int from, int to, int label) {
        for (int i = from; i < to; i++) {
            int below = Short.toUnsignedInt(labels[i]);
            if (ranks[below] < ranks[label]) {
                labels[i] = (short) label;
                voxels[below]--;
                voxels[label]++;
            }
        }
    }

    /** The map itself, not a copy. */
    public LabelMap map() {
        return map;
    }

    /** Voxels that carry the label now. */
    public long voxels(int label) {
        return voxels[label];
    }
}
