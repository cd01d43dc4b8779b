package org.medficientsam.segmenter;

import java.util.List;
import org.medficientsam.casefile.Box;

/** Which label a pixel gets where masks overlap. */
public enum Overlap {
    /** The last box's, as later boxes overwrite earlier ones in the published programs. */
    LATER_ON_TOP {
        @Override
        int[] ranks(List<Box> boxes) {
            int[] ranks = new int[boxes.size() + 1];
            for (int label = 1; label < ranks.length; label++) ranks[label] = label;
            return ranks;
        }
    };

    /** By label, 0 is background: the higher rank is on top. Ranks of labels are distinct and above the background's. */
    abstract int[] ranks(List<Box> boxes);
}
