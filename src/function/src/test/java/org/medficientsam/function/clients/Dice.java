package org.medficientsam.function.clients;

import java.util.function.IntPredicate;

/** Overlap with the shapes that the recorded images show. */
final class Dice {
    private Dice() {}

    static double of(int count, IntPredicate one, IntPredicate other) {
        int both = 0;
        int sum = 0;
        for (int i = 0; i < count; i++) {
            boolean a = one.test(i);
            boolean b = other.test(i);
            if (a && b) both++;
            sum += (a ? 1 : 0) + (b ? 1 : 0);
        }
        return 2.0 * both / sum;
    }

    /** The ellipse of record/phantom.py, 96 x 80. */
    static boolean inEllipse(int pixel) {
        return Math.pow((pixel % 96 - 50) / 22.0, 2) + Math.pow((pixel / 96 - 38) / 15.0, 2) <= 1;
    }

    /** The ellipsoid of record/slicer.py, 6 x 48 x 64. */
    static boolean inEllipsoid(int voxel) {
        int x = voxel % 64;
        int y = voxel / 64 % 48;
        int z = voxel / 64 / 48;
        return Math.pow((x - 30) / 14.0, 2) + Math.pow((y - 24) / 10.0, 2) + Math.pow((z - 3) / 2.5, 2) < 1;
    }
}
