package org.medficientsam.eval.metric;

/**
 * The boundary of a mask: the corners of the voxel grid around which some voxels are set and some are not. Outside the mask
 * nothing is set, so the border of the image is a boundary too. A mask of n voxels along an axis has n + 1 corners.
 */
final class Surface {

    /** Receives each surface point: its corner and the code of its neighbourhood, see {@link SurfelTables}. */
    interface Visitor {
        void point(int i, int j, int k, int code);
    }

    private final BitGrid mask;
    private final BitGrid points;
    private final boolean contour;

    private Surface(BitGrid mask, boolean contour) {
        this.mask = mask;
        this.contour = contour;
        points = new BitGrid(contour ? 1 : mask.size0 + 1, mask.size1 + 1, mask.size2 + 1);
        for (int i = 0; i < points.size0; i++) {
            for (int j = 0; j < points.size1; j++) {
                findPoints(i, j);
            }
        }
    }

    /** The closed surface of a volume; a single slice is a slab with two flat faces. */
    static Surface of(BitGrid mask) {
        return new Surface(mask, false);
    }

    /**
     * The outline of a picture: the cross-section of the cylinder that has this mask in every slice. With a spacing of 1
     * along axis 0 the area of a point is then the length of contour around it.
     *
     * @param mask 1 x H x W
     */
    static Surface contourOf(BitGrid mask) {
        if (mask.size0 != 1) {
            throw new IllegalArgumentException("a contour is that of one slice, got " + mask.size0);
        }
        return new Surface(mask, true);
    }

    /** The surface points as a set of corners. */
    BitGrid points() {
        return points;
    }

    void forEachPoint(Visitor visitor) {
        RowsAround rows = new RowsAround();
        for (int i = 0; i < points.size0; i++) {
            for (int j = 0; j < points.size1; j++) {
                int row = points.row(i, j);
                boolean moved = false;
                for (int w = 0; w < points.wordsPerRow; w++) {
                    long left = points.words[row + w];
                    if (left != 0 && !moved) {
                        rows.moveTo(i, j);
                        moved = true;
                    }
                    for (; left != 0; left &= left - 1) {
                        int bit = Long.numberOfTrailingZeros(left);
                        visitor.point(i, j, w * Long.SIZE + bit, rows.code(w, bit));
                    }
                }
            }
        }
    }

    /** Neighbour codes of all points, counted. */
    long[] countCodes() {
        long[] counts = new long[SurfelTables.CODES];
        forEachPoint((i, j, k, code) -> counts[code]++);
        return counts;
    }

    /** A corner is on the surface if, of its eight voxels, any is set but not all are. */
    private void findPoints(int i, int j) {
        RowsAround rows = new RowsAround();
        rows.moveTo(i, j);
        int row = points.row(i, j);
        for (int w = 0; w < points.wordsPerRow; w++) {
            points.words[row + w] = rows.any(w) & ~rows.all(w);
        }
    }

    /** The four rows of voxels that meet at a row of corners; a row outside the mask reads as clear. */
    private final class RowsAround {
        private static final int OUTSIDE = -1;

        private int upperFar;
        private int upperNear;
        private int lowerFar;
        private int lowerNear;

        void moveTo(int i, int j) {
            int upper = contour ? 0 : i - 1;
            upperFar = rowOf(upper, j - 1);
            upperNear = rowOf(upper, j);
            lowerFar = rowOf(i, j - 1);
            lowerNear = rowOf(i, j);
        }

        private int rowOf(int i, int j) {
            return i < 0 || i >= mask.size0 || j < 0 || j >= mask.size1 ? OUTSIDE : mask.row(i, j);
        }

        long any(int w) {
            return here(upperFar, w)
                    | here(upperNear, w)
                    | here(lowerFar, w)
                    | here(lowerNear, w)
                    | before(upperFar, w)
                    | before(upperNear, w)
                    | before(lowerFar, w)
                    | before(lowerNear, w);
        }

        long all(int w) {
            return here(upperFar, w)
                    & here(upperNear, w)
                    & here(lowerFar, w)
                    & here(lowerNear, w)
                    & before(upperFar, w)
                    & before(upperNear, w)
                    & before(lowerFar, w)
                    & before(lowerNear, w);
        }

        int code(int w, int bit) {
            return pair(upperFar, w, bit) << 6
                    | pair(upperNear, w, bit) << 4
                    | pair(lowerFar, w, bit) << 2
                    | pair(lowerNear, w, bit);
        }

        /** The voxel before the corner, then the one after it. */
        private int pair(int row, int w, int bit) {
            return (int) ((before(row, w) >>> bit & 1) << 1 | here(row, w) >>> bit & 1);
        }

        /** Bit k: the voxel after corner k. Corners may need one more word than voxels. */
        private long here(int row, int w) {
            return row == OUTSIDE || w == mask.wordsPerRow ? 0 : mask.words[row + w];
        }

        /** Bit k: the voxel before corner k. */
        private long before(int row, int w) {
            long carried = row == OUTSIDE || w == 0 ? 0 : mask.words[row + w - 1] >>> (Long.SIZE - 1);
            return here(row, w) << 1 | carried;
        }
    }
}
