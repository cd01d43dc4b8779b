package org.medficientsam.segmenter.window;

import org.medficientsam.casefile.Box;

/**
 * A part of a picture, in whole pixels.
 *
 * @param x of its first column
 * @param y of its first row
 */
public record Window(int x, int y, int width, int height) {
    /** All of a picture. */
    public static Window whole(int height, int width) {
        return new Window(0, 0, width, height);
    }

    /** A square of that side round the middle of the box, moved and cut so that it lies inside the picture. */
    static Window round(Box box, int side, int height, int width) {
        int columns = Math.min(side, width);
        int rows = Math.min(side, height);
        return new Window(
                start((box.xMin() + box.xMax() + 1) / 2, columns, width),
                start((box.yMin() + box.yMax() + 1) / 2, rows, height),
                columns,
                rows);
    }

    private static int start(double middle, int length, int all) {
        return (int) Math.max(0, Math.min(Math.floor(middle - length / 2.0 + 0.5), all - length));
    }

    /** Whether the box lies inside with half its longer side to spare, or up to where the picture of that size ends. */
    boolean shows(Box box, int pictureHeight, int pictureWidth) {
        double spare = WindowRule.longerSide(box) / 2;
        return (x == 0 || x <= box.xMin() - spare)
                && (y == 0 || y <= box.yMin() - spare)
                && (x + width == pictureWidth || box.xMax() + 1 + spare <= x + width)
                && (y + height == pictureHeight || box.yMax() + 1 + spare <= y + height);
    }
}
