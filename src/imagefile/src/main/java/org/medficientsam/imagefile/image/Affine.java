package org.medficientsam.imagefile.image;

import java.util.Arrays;

/**
 * Voxel indices (i, j, k) to millimetres in the patient, x to the right, y to the front, z to the head, as NIfTI counts them:
 * three rows of four numbers.
 */
public final class Affine {
    private final double[] m; // (3, 4), row-major

    private Affine(double[] m) {
        this.m = m;
    }

    /**
     * @param rows 12 numbers, row-major
     * @throws IllegalArgumentException if there are not 12
     */
    public static Affine of(double... rows) {
        if (rows.length != 12) throw new IllegalArgumentException("affine must have 12 numbers, got " + rows.length);
        return new Affine(rows.clone());
    }

    /** Axes along the patient's own, the first voxel at 0. */
    public static Affine scaling(double i, double j, double k) {
        return new Affine(new double[] {i, 0, 0, 0, 0, j, 0, 0, 0, 0, k, 0});
    }

    /** Row {@code row}, column {@code column}; column 3 is where voxel (0, 0, 0) lies. */
    public double get(int row, int column) {
        return m[4 * row + column];
    }

    /** Length of one step along a voxel axis, mm. */
    public double step(int axis) {
        return Math.sqrt(m[axis] * m[axis] + m[4 + axis] * m[4 + axis] + m[8 + axis] * m[8 + axis]);
    }

    /** Where a voxel's centre lies, mm. */
    public double[] apply(double i, double j, double k) {
        double[] mm = new double[3];
        for (int row = 0; row < 3; row++)
            mm[row] = m[4 * row] * i + m[4 * row + 1] * j + m[4 * row + 2] * k + m[4 * row + 3];
        return mm;
    }

    /** All numbers times {@code factor}: other units. */
    public Affine times(double factor) {
        return new Affine(Arrays.stream(m).map(v -> v * factor).toArray());
    }

    /** The same voxels counted to the left, back and head, as DICOM does, and the other way round. */
    public Affine mirrored() {
        double[] mirrored = m.clone();
        for (int column = 0; column < 8; column++) mirrored[column] = -mirrored[column];
        return new Affine(mirrored);
    }

    /** Determinant of the 3 x 3 part; negative where the axes are left-handed. */
    public double determinant() {
        return m[0] * (m[5] * m[10] - m[6] * m[9])
                - m[1] * (m[4] * m[10] - m[6] * m[8])
                + m[2] * (m[4] * m[9] - m[5] * m[8]);
    }

    /** Whether it can be inverted and all is finite. */
    public boolean isRegular() {
        if (!Arrays.stream(m).allMatch(Double::isFinite)) return false;
        double volume = step(0) * step(1) * step(2);
        return volume > 0 && Double.isFinite(volume) && Math.abs(determinant()) > 1e-6 * volume;
    }

    /** The voxel indices, in fractions, of a point in mm; only where it {@link #isRegular()}. */
    public double[] invert(double x, double y, double z) {
        double a = x - m[3];
        double b = y - m[7];
        double c = z - m[11];
        double d = determinant();
        return new double[] {
            determinant(a, m[1], m[2], b, m[5], m[6], c, m[9], m[10]) / d,
            determinant(m[0], a, m[2], m[4], b, m[6], m[8], c, m[10]) / d,
            determinant(m[0], m[1], a, m[4], m[5], b, m[8], m[9], c) / d
        };
    }

    private static double determinant(
            double a, double b, double c, double d, double e, double f, double g, double h, double i) {
        return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
    }
}
