package org.medficientsam.casefile;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Turns numbers into boxes that lie inside an image: what lies partly outside is clipped, what lies wholly outside is refused.
 *
 * @param image what the boxes are drawn on
 * @param maxBoxes how many boxes a case may have
 */
public record Prompts(ImageArray image, int maxBoxes) {
    private static final String[] AXES = {"x", "y", "z"};

    /** @throws InvalidCaseException if there are more than {@link #maxBoxes()} */
    public void checkCount(int count) {
        if (count > maxBoxes) throw invalidPrompt("boxes", "at most " + maxBoxes, Integer.toString(count));
    }

    /**
     * @param values (N, 4) x_min, y_min, x_max, y_max in pixels, both ends inclusive, row-major
     * @throws InvalidCaseException if there are too many, or one is not finite, inverted or wholly outside
     */
    public List<Box2D> boxes2D(double[] values) {
        List<Box2D> inside = new ArrayList<>(values.length / 4);
        for (double[] b : inside(values, 2)) inside.add(new Box2D(b[0], b[1], b[2], b[3]));
        return inside;
    }

    /**
     * @param values (N, 6) x_min, y_min, z_min, x_max, y_max, z_max in voxels, both ends inclusive, row-major
     * @throws InvalidCaseException if there are too many, or one is not finite, inverted or wholly outside
     */
    public List<Box3D> boxes3D(double[] values) {
        List<Box3D> inside = new ArrayList<>(values.length / 6);
        for (double[] b : inside(values, 3)) inside.add(new Box3D(b[0], b[1], b[2], b[3], b[4], b[5]));
        return inside;
    }

    private List<double[]> inside(double[] values, int axes) {
        int columns = 2 * axes;
        if (values.length % columns != 0)
            throw new IllegalArgumentException(
                    "boxes must have %d numbers each, got %d numbers".formatted(columns, values.length));
        checkCount(values.length / columns);
        refuseFractions(values);
        List<double[]> boxes = new ArrayList<>(values.length / columns);
        for (int at = 0; at < values.length; at += columns)
            boxes.add(clip(Arrays.copyOfRange(values, at, at + columns), "boxes[" + at / columns + "]", axes));
        return boxes;
    }

    /** Nobody draws all boxes within the first pixel, but some tools count in shares of the image. */
    private static void refuseFractions(double[] values) {
        boolean fraction = false;
        for (double value : values) {
            if (!(value >= 0 && value <= 1)) return;
            fraction |= value > 0 && value < 1;
        }
        if (fraction)
            throw invalidPrompt(
                    "boxes",
                    "in pixels",
                    "numbers in 0..1 only; if they are shares of the image, multiply x by its width and y by its height");
    }

    /** @param box x_min, y_min, (z_min,) x_max, y_max(, z_max); clipped in place */
    private double[] clip(double[] box, String field, int axes) {
        int[] lengths = {image.width(), image.height(), image.depth()};
        for (double value : box)
            if (!Double.isFinite(value)) throw invalidPrompt(field, "finite", Arrays.toString(box));
        for (int axis = 0; axis < axes; axis++) {
            double min = box[axis];
            double max = box[axes + axis];
            int last = lengths[axis] - 1;
            if (min > max) throw invalidPrompt(field, AXES[axis] + "_min <= " + AXES[axis] + "_max", min + " > " + max);
            if (max < 0 || min > last)
                throw invalidPrompt(
                        field, "within 0.." + last + " on " + AXES[axis] + ", at least partly", min + ".." + max);
            box[axis] = Math.max(min, 0);
            box[axes + axis] = Math.min(max, last);
        }
        return box;
    }
}
