package org.medficientsam.segmenter.mask;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.medficientsam.casefile.Box;
import org.medficientsam.casefile.Box3D;

/** Which label a pixel gets where masks overlap. */
public enum Overlap {
    /** The last box's, as later boxes overwrite earlier ones in the published programs. */
    LATER_ON_TOP {
        @Override
        public int[] ranks(List<? extends Box> boxes) {
            int[] ranks = new int[boxes.size() + 1];
            for (int label = 1; label < ranks.length; label++) ranks[label] = label;
            return ranks;
        }
    },
    /**
     * The smaller box's, so that what lies inside something else stays visible whatever the order of the boxes; of boxes
     * equally large the later one's.
     */
    SMALLER_ON_TOP {
        @Override
        public int[] ranks(List<? extends Box> boxes) {
            List<Integer> largestFirst = IntStream.range(0, boxes.size())
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> -size(boxes.get(i))))
                    .toList();
            int[] ranks = new int[boxes.size() + 1];
            for (int place = 0; place < largestFirst.size(); place++) ranks[largestFirst.get(place) + 1] = place + 1;
            return ranks;
        }
    };

    private static double size(Box box) {
        double area = (box.xMax() - box.xMin() + 1) * (box.yMax() - box.yMin() + 1);
        return box instanceof Box3D solid ? area * (solid.zMax() - solid.zMin() + 1) : area;
    }

    /** By label, 0 is background: the higher rank is on top. Ranks of labels are distinct and above the background's. */
    public abstract int[] ranks(List<? extends Box> boxes);
}
