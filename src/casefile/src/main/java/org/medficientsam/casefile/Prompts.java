package org.medficientsam.casefile;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Turns the array {@code boxes} into boxes that lie inside the image. */
final class Prompts {
    private static final String[] AXES = {"x", "y", "z"};

    private Prompts() {}

    /** Whether the boxes have six columns. */
    static boolean isVolume(NpyArray boxes) {
        int[] shape = boxes.shape();
        // A (0,) array is refused too: only the columns tell an image from a volume.
        if (shape.length != 2 || (shape[1] != 4 && shape[1] != 6))
            throw invalidPrompt("boxes", "(N, 4) for an image or (N, 6) for a volume", boxes.shapeText());
        if (boxes.dtype() == DType.BOOL) throw invalidPrompt("boxes", "integers or floats", "bool");
        return shape[1] == 6;
    }

    static List<Box> boxes(NpyArray boxes, ImageArray image, int maxBoxes) {
        int[] shape = boxes.shape();
        int columns = shape[1];
        if (shape[0] > maxBoxes) throw invalidPrompt("boxes", "at most " + maxBoxes, Integer.toString(shape[0]));
        double[] values = boxes.toDoubles();
        List<Box> inside = new ArrayList<>(shape[0]);
        for (int i = 0; i < shape[0]; i++)
            inside.add(inside(Arrays.copyOfRange(values, i * columns, (i + 1) * columns), i, image));
        return inside;
    }

    /** @param box x_min, y_min, (z_min,) x_max, y_max(, z_max); clipped in place */
    private static Box inside(double[] box, int index, ImageArray image) {
        String field = "boxes[" + index + "]";
        int axes = box.length / 2;
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
        return axes == 2
                ? new Box2D(box[0], box[1], box[2], box[3])
                : new Box3D(box[0], box[1], box[2], box[3], box[4], box[5]);
    }
}
