package org.medficientsam.imagefile.boxes;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;
import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.VoxelGrid;

/**
 * The tight box around each label of an image of labels, as the challenge made its own.
 *
 * @param ids the labels that occur, ascending; box i is that of id i
 * @param boxes in the axes of the file
 */
public record LabelBoxes(List<Integer> ids, DrawnBoxes boxes) {
    private static final String FIELD = "labels";

    /**
     * @throws org.medficientsam.casefile.InvalidCaseException if values are not whole, negative or above 65535, have colours, or are
     *     all zero
     */
    public static LabelBoxes of(RawImage labels) {
        if (labels.channels() != 1) throw malformed(FIELD, "numbers", "colours");
        VoxelGrid grid = labels.grid();
        Map<Integer, int[]> bounds = new TreeMap<>();
        int index = 0;
        for (int k = 0; k < grid.size(2); k++) {
            for (int j = 0; j < grid.size(1); j++) {
                for (int i = 0; i < grid.size(0); i++) {
                    double value = labels.rescale().apply(labels.voxels().get(index++), k);
                    if (value != 0) include(bounds.computeIfAbsent(label(value), id -> empty()), i, j, k);
                }
            }
        }
        if (bounds.isEmpty()) throw invalidPrompt(FIELD, "with at least one label", "background only");
        List<double[]> boxes = new ArrayList<>();
        for (int[] b : bounds.values())
            boxes.add(
                    labels.isFlat()
                            ? new double[] {b[0], b[1], b[3], b[4]}
                            : new double[] {b[0], b[1], b[2], b[3], b[4], b[5]});
        return new LabelBoxes(List.copyOf(bounds.keySet()), DrawnBoxes.of(boxes));
    }

    private static int label(double value) {
        if (value != Math.rint(value) || value < 0 || value > 0xffff)
            throw malformed(FIELD, "whole numbers in 0..65535", "others");
        return (int) value;
    }

    private static int[] empty() {
        return new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, -1, -1, -1};
    }

    private static void include(int[] bounds, int i, int j, int k) {
        bounds[0] = Math.min(bounds[0], i);
        bounds[1] = Math.min(bounds[1], j);
        bounds[2] = Math.min(bounds[2], k);
        bounds[3] = Math.max(bounds[3], i);
        bounds[4] = Math.max(bounds[4], j);
        bounds[5] = Math.max(bounds[5], k);
    }
}
