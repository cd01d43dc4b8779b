package org.medficientsam.eval.report.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.LabelMap;

/**
 * The slices of a volume that a reader wants to see: where the objects are largest, where runs and ground truth differ most, and
 * where they differ most at the other end.
 */
final class SliceChoice {

    private SliceChoice() {}

    /** @return one to three indices, that of the largest objects first; 0 for an image */
    static int[] of(CaseFile image, @Nullable LabelMap truth, List<LabelMap> segs) {
        int depth = image.image().depth();
        if (depth == 1) {
            return new int[] {0};
        }
        List<LabelMap> maps = new ArrayList<>(segs);
        if (truth != null) {
            maps.add(0, truth);
        }
        long[] area = new long[depth];
        long[] difference = new long[depth];
        int voxels = image.image().height() * image.image().width();
        for (int z = 0; z < depth; z++) {
            for (int i = z * voxels; i < (z + 1) * voxels; i++) {
                for (int map = 0; map < maps.size(); map++) {
                    short label = maps.get(map).labels()[i];
                    area[z] += map == 0 && label != 0 ? 1 : 0;
                    difference[z] += map > 0 && label != maps.get(0).labels()[i] ? 1 : 0;
                }
            }
        }
        int largest = largest(area, 0, depth);
        if (area[largest] == 0) {
            return new int[] {prompted(image)};
        }
        int apart = largest(difference, 0, depth);
        // At the other end of the objects, as seen from where they are largest.
        int other = apart <= largest ? largest(difference, largest + 1, depth) : largest(difference, 0, largest);
        return IntStream.of(largest, apart, other)
                .filter(z -> z == largest || (z >= 0 && difference[z] > 0))
                .distinct()
                .toArray();
    }

    private static int largest(long[] values, int from, int to) {
        int best = from < to ? from : -1;
        for (int i = from; i < to; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }

    private static int prompted(CaseFile image) {
        Box3D first = (Box3D) image.boxes().get(0);
        int middle = (int) ((first.zMin() + first.zMax()) / 2);
        return Math.max(0, Math.min(image.image().depth() - 1, middle));
    }
}
