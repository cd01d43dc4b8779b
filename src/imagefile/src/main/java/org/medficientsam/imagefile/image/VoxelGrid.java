package org.medficientsam.imagefile.image;

import java.util.Arrays;
import java.util.Optional;
import org.medficientsam.casefile.Spacing;

/**
 * How an image's voxels lie in its file, and which of the file's axes is cut into slices. The file counts (i, j, k), i fastest;
 * a case counts (z, y, x). No axis is ever turned round: x, y and z rise as the file's own axes do, so a label map goes back
 * voxel for voxel.
 */
public final class VoxelGrid {
    /** How much thicker than the others the axis of the slices has to be, lest rounding chooses it. */
    private static final double CLEARLY = 1.01;

    private final int[] sizes; // along i, j, k
    private final int[] axes; // of the file, that x, y and z run along
    private final Optional<double[]> spacing; // mm, along i, j, k
    private final Optional<Affine> affine;

    private VoxelGrid(int[] sizes, int sliceAxis, Optional<double[]> spacing, Optional<Affine> affine) {
        if (sizes.length != 3 || Arrays.stream(sizes).anyMatch(n -> n < 1))
            throw new IllegalArgumentException("grid must have three axes, none empty, got " + Arrays.toString(sizes));
        Math.multiplyExact(Math.multiplyExact(sizes[0], sizes[1]), sizes[2]);
        this.sizes = sizes.clone();
        this.axes = new int[] {sliceAxis == 0 ? 1 : 0, sliceAxis == 2 ? 1 : 2, sliceAxis};
        this.spacing = spacing;
        this.affine = affine;
    }

    /** Slices as the file has them, along k; spacing unknown. */
    public static VoxelGrid plain(int i, int j, int k) {
        return new VoxelGrid(new int[] {i, j, k}, 2, Optional.empty(), Optional.empty());
    }

    /** Slices as the file has them, along k, with millimetres per step. */
    public static VoxelGrid spaced(int[] sizes, double[] spacing) {
        return new VoxelGrid(sizes, 2, positive(spacing), Optional.empty());
    }

    /** Slices as the file has them, along k, at their place in the patient. */
    public static VoxelGrid placed(int[] sizes, Affine affine) {
        return placed(sizes, 2, affine);
    }

    /** Slices along the axis of the thickest spacing, or along k where none is clearly the thickest. */
    public static VoxelGrid thickest(int[] sizes, Affine affine) {
        return placed(sizes, thickest(affine.step(0), affine.step(1), affine.step(2)), affine);
    }

    private static VoxelGrid placed(int[] sizes, int sliceAxis, Affine affine) {
        if (!affine.isRegular()) return new VoxelGrid(sizes, sliceAxis, Optional.empty(), Optional.empty());
        double[] steps = {affine.step(0), affine.step(1), affine.step(2)};
        return new VoxelGrid(sizes, sliceAxis, positive(steps), Optional.of(affine));
    }

    private static Optional<double[]> positive(double[] spacing) {
        return Arrays.stream(spacing).allMatch(mm -> mm > 0 && Double.isFinite(mm))
                ? Optional.of(spacing.clone())
                : Optional.empty();
    }

    private static int thickest(double... steps) {
        for (int axis = 0; axis < 2; axis++) {
            double others = axis == 0 ? Math.max(steps[1], steps[2]) : Math.max(steps[0], steps[2]);
            if (steps[axis] > CLEARLY * others && Double.isFinite(steps[axis])) return axis;
        }
        return 2;
    }

    /** Voxels along a file axis, 0 to 2. */
    public int size(int axis) {
        return sizes[axis];
    }

    /** Which axis of the file, 0 to 2, is cut into slices. */
    public int sliceAxis() {
        return axes[2];
    }

    /** Slices. */
    public int depth() {
        return sizes[axes[2]];
    }

    /** Rows of a slice. */
    public int height() {
        return sizes[axes[1]];
    }

    /** Columns of a slice. */
    public int width() {
        return sizes[axes[0]];
    }

    /** All voxels. */
    public int voxels() {
        return sizes[0] * sizes[1] * sizes[2];
    }

    /** Which file axis x (0), y (1) or z (2) of a case runs along. */
    public int axis(int ofCase) {
        return axes[ofCase];
    }

    /** How far apart two neighbours along a case's x (0), y (1) or z (2) lie in the file, in voxels. */
    public int stride(int ofCase) {
        return switch (axes[ofCase]) {
            case 0 -> 1;
            case 1 -> sizes[0];
            default -> sizes[0] * sizes[1];
        };
    }

    /** Millimetres along a case's x, y and z, if known. */
    public Optional<Spacing> spacing() {
        return spacing.map(mm -> new Spacing(mm[axes[0]], mm[axes[1]], mm[axes[2]]));
    }

    /**
     * Where x, y and z of a case grow to in the patient, if known: a letter each of R or L (right, left), A or P (front, back), S or I
     * (head, feet).
     */
    public Optional<String> orientation() {
        return affine.map(placed -> letter(placed, axes[0]) + letter(placed, axes[1]) + letter(placed, axes[2]));
    }

    private static String letter(Affine affine, int axis) {
        int most = 0;
        for (int row = 1; row < 3; row++)
            if (Math.abs(affine.get(row, axis)) > Math.abs(affine.get(most, axis))) most = row;
        return String.valueOf((affine.get(most, axis) > 0 ? "RAS" : "LPI").charAt(most));
    }

    /** Where the file's (i, j, k) lie in the patient, if known. */
    public Optional<Affine> affine() {
        return affine;
    }

    /**
     * How far apart the same voxel of two grids of one shape lies in the patient, mm, where that is furthest; 0 if a grid does not say
     * where it is.
     */
    public double apart(VoxelGrid other) {
        if (affine.isEmpty() || other.affine.isEmpty()) return 0;
        double furthest = 0;
        for (int corner = 0; corner < 8; corner++) { // the affine difference of two affine maps is largest in a corner
            int[] at = new int[3];
            for (int axis = 0; axis < 3; axis++) at[axis] = (corner >> axis & 1) * (sizes[axis] - 1);
            double[] here = affine.get().apply(at[0], at[1], at[2]);
            double[] there = other.affine.get().apply(at[0], at[1], at[2]);
            furthest = Math.max(
                    furthest, Math.hypot(Math.hypot(here[0] - there[0], here[1] - there[1]), here[2] - there[2]));
        }
        return furthest;
    }

    /** Whether voxels of the same index are the same place: one shape, and less than half a voxel {@link #apart}. */
    public boolean coincides(VoxelGrid other) {
        return Arrays.equals(sizes, other.sizes)
                && apart(other)
                        <= spacing.map(mm -> Arrays.stream(mm).min().orElseThrow() / 2)
                                .orElse(0.0);
    }

    /** {@link #affine()}, or the spacing alone, or steps of 1 mm: for a file that has to have one. */
    public Affine affineOrScaling() {
        double[] mm = spacing.orElse(new double[] {1, 1, 1});
        return affine.orElseGet(() -> Affine.scaling(mm[0], mm[1], mm[2]));
    }

    /** "(i, j, k)" for messages, as nibabel prints a shape. */
    @Override
    public String toString() {
        return "(%d, %d, %d)".formatted(sizes[0], sizes[1], sizes[2]);
    }
}
