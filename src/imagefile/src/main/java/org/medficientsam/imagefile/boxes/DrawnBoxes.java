package org.medficientsam.imagefile.boxes;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.imagefile.image.Affine;
import org.medficientsam.imagefile.image.VoxelGrid;

/**
 * Boxes in the axes of an image's file: x along its first voxel axis (a picture's columns), y along its second, z along its third,
 * whichever of them is cut into slices. Each has four numbers, x_min, y_min, x_max, y_max, or six, x_min, y_min, z_min, x_max,
 * y_max, z_max, both ends inclusive. Not checked against an image yet.
 */
public final class DrawnBoxes {
    private static final String FIELD = "boxes";
    private static final String[] AXES = {"x", "y", "z"};

    private final List<double[]> boxes;
    private final int columns;

    private DrawnBoxes(List<double[]> boxes, int columns) {
        this.boxes = boxes;
        this.columns = columns;
    }

    /**
     * @param boxes four or six numbers each, the same for all
     * @throws InvalidCaseException if there is none, or they have other or different lengths
     */
    public static DrawnBoxes of(List<double[]> boxes) {
        if (boxes.isEmpty()) throw invalidPrompt(FIELD, "at least one", "none");
        int columns = boxes.get(0).length;
        List<double[]> copies = new ArrayList<>();
        for (double[] box : boxes) {
            if (box.length != 4 && box.length != 6)
                throw invalidPrompt(
                        FIELD, "four numbers for an image or six for a volume", Integer.toString(box.length));
            if (box.length != columns)
                throw invalidPrompt(
                        FIELD, "all of four or all of six numbers", "%d and %d".formatted(columns, box.length));
            copies.add(box.clone());
        }
        return new DrawnBoxes(copies, columns);
    }

    /**
     * Four or six numbers, separated by commas.
     *
     * @throws InvalidCaseException for anything else
     */
    public static double[] parse(String text) {
        String[] parts = text.split(",", -1);
        double[] box = new double[parts.length];
        try {
            for (int i = 0; i < parts.length; i++) box[i] = Double.parseDouble(parts[i].strip());
        } catch (NumberFormatException e) {
            throw invalidPrompt("box", "four or six numbers separated by commas", "something else");
        }
        return DrawnBoxes.of(List.of(box)).boxes.get(0);
    }

    /** All of an image: its only slice, or all of a volume. */
    public static DrawnBoxes whole(VoxelGrid grid, boolean flat) {
        return of(List.of(
                flat
                        ? new double[] {0, 0, grid.size(0) - 1, grid.size(1) - 1}
                        : new double[] {0, 0, 0, grid.size(0) - 1, grid.size(1) - 1, grid.size(2) - 1}));
    }

    /** How many there are. */
    public int count() {
        return boxes.size();
    }

    /** Whether they have six numbers. */
    public boolean isForVolume() {
        return columns == 6;
    }

    /** All numbers, box after box. */
    public double[] numbers() {
        return boxes.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    /**
     * From millimetres to voxels: the smallest box of voxels around the eight corners. Of an image, millimetres count from the
     * first pixel along its rows and columns.
     *
     * @param affine voxels to millimetres as these boxes count them
     */
    public DrawnBoxes toVoxels(Affine affine) {
        return of(boxes.stream()
                .map(box -> columns == 6 ? around(box, affine) : inPlane(box, affine))
                .toList());
    }

    private static double[] inPlane(double[] box, Affine affine) {
        double x = affine.step(0);
        double y = affine.step(1);
        return new double[] {box[0] / x, box[1] / y, box[2] / x, box[3] / y};
    }

    private static double[] around(double[] box, Affine affine) {
        double inf = Double.POSITIVE_INFINITY;
        double[] voxels = {inf, inf, inf, -inf, -inf, -inf};
        for (int corner = 0; corner < 8; corner++) {
            double[] index =
                    affine.invert(box[(corner & 1) * 3], box[1 + (corner >> 1 & 1) * 3], box[2 + (corner >> 2) * 3]);
            for (int axis = 0; axis < 3; axis++) {
                voxels[axis] = Math.min(voxels[axis], index[axis]);
                voxels[3 + axis] = Math.max(voxels[3 + axis], index[axis]);
            }
        }
        return voxels;
    }

    /**
     * In the axes of a case, with six numbers x, y, z as the grid cuts slices, or with four.
     *
     * @throws InvalidCaseException if one is not finite, inverted or wholly outside, named in the axes of the file
     */
    public double[] inCase(VoxelGrid grid) {
        int axes = columns / 2;
        double[] numbers = new double[boxes.size() * columns];
        for (int i = 0; i < boxes.size(); i++) {
            double[] box = boxes.get(i);
            check(box, "boxes[" + i + "]", grid);
            for (int axis = 0; axis < axes; axis++) {
                int from = axes == 3 ? grid.axis(axis) : axis;
                numbers[i * columns + axis] = box[from];
                numbers[i * columns + axes + axis] = box[axes + from];
            }
        }
        return numbers;
    }

    private void check(double[] box, String field, VoxelGrid grid) {
        int axes = columns / 2;
        for (double value : box)
            if (!Double.isFinite(value)) throw invalidPrompt(field, "finite", Arrays.toString(box));
        for (int axis = 0; axis < axes; axis++) {
            double min = box[axis];
            double max = box[axes + axis];
            int last = grid.size(axis) - 1;
            if (min > max) throw invalidPrompt(field, AXES[axis] + "_min <= " + AXES[axis] + "_max", min + " > " + max);
            if (max < 0 || min > last)
                throw invalidPrompt(
                        field, "within 0.." + last + " on " + AXES[axis] + ", at least partly", min + ".." + max);
        }
    }
}
