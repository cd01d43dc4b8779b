package org.medficientsam.segmenter.mask;

/** One object in one slice, a bit per pixel, with its size and its bounding box. */
public final class Mask {
    private final int height;
    private final int width;
    private final int stride; // words per row
    private final long[] bits;
    private int pixels;
    private int xMin = Integer.MAX_VALUE;
    private int yMin = Integer.MAX_VALUE;
    private int xMax = -1;
    private int yMax = -1;

    /** Empty, of so many rows and columns. */
    public Mask(int height, int width) {
        this.height = height;
        this.width = width;
        this.stride = (width + 63) / 64;
        this.bits = new long[height * stride];
    }

    /** With every pixel set. */
    public static Mask full(int height, int width) {
        Mask mask = new Mask(height, width);
        for (int y = 0; y < height; y++) {
            mask.addRun(y, 0, width);
            mask.finishRow(y);
        }
        return mask;
    }

    /** Adds the pixels {@code from} to {@code to - 1} of a row; call {@link #finishRow} after the row's last. */
    public void addRun(int y, int from, int to) {
        int firstWord = y * stride + (from >> 6);
        int lastWord = y * stride + ((to - 1) >> 6);
        long firstBits = -1L << from;
        long lastBits = -1L >>> -to;
        if (firstWord == lastWord) {
            bits[firstWord] |= firstBits & lastBits;
            return;
        }
        bits[firstWord] |= firstBits;
        for (int word = firstWord + 1; word < lastWord; word++) bits[word] = -1L;
        bits[lastWord] |= lastBits;
    }

    /** Adds a pixel; call {@link #finishRow} after the row's last. */
    public void add(int y, int x) {
        bits[y * stride + (x >> 6)] |= 1L << x;
    }

    /** Takes a row that has been written into count and box. */
    public void finishRow(int y) {
        int first = -1;
        int last = -1;
        for (int word = 0; word < stride; word++) {
            long row = bits[y * stride + word];
            if (row == 0) continue;
            if (first < 0) first = word * 64 + Long.numberOfTrailingZeros(row);
            last = word * 64 + 63 - Long.numberOfLeadingZeros(row);
            pixels += Long.bitCount(row);
        }
        if (first < 0) return;
        xMin = Math.min(xMin, first);
        xMax = Math.max(xMax, last);
        yMin = Math.min(yMin, y);
        yMax = Math.max(yMax, y);
    }

    /** This mask where it lies inside a box, ends inclusive; itself if it lies inside wholly. */
    public Mask within(int x0, int y0, int x1, int y1) {
        if (isEmpty() || (x0 <= xMin && y0 <= yMin && xMax <= x1 && yMax <= y1)) return this;
        Mask kept = new Mask(height, width);
        for (int y = Math.max(y0, yMin); y <= Math.min(y1, yMax); y++) {
            for (int x = nextSet(y, Math.max(x0, xMin)); x <= x1 && x < width; ) {
                int end = Math.min(nextClear(y, x), x1 + 1);
                kept.addRun(y, x, end);
                x = nextSet(y, end);
            }
            kept.finishRow(y);
        }
        return kept;
    }

    /** This mask as a part of a larger one of so many rows and columns, its first row and column at {@code y} and {@code x}. */
    public Mask placed(int height, int width, int y, int x) {
        Mask larger = new Mask(height, width);
        for (int row = yMin; row <= yMax; row++) {
            for (int from = nextSet(row, 0); from < this.width; ) {
                int end = nextClear(row, from);
                larger.addRun(y + row, x + from, x + end);
                from = nextSet(row, end);
            }
            larger.finishRow(y + row);
        }
        return larger;
    }

    /** Whether a pixel is set. */
    public boolean get(int y, int x) {
        return (bits[y * stride + (x >> 6)] >>> x & 1) != 0;
    }

    /** Whether no pixel is set. */
    public boolean isEmpty() {
        return pixels == 0;
    }

    /** How many pixels are set. */
    public int pixels() {
        return pixels;
    }

    /** Rows. */
    public int height() {
        return height;
    }

    /** Columns. */
    public int width() {
        return width;
    }

    /** First column with a set pixel; only if not empty. */
    public int xMin() {
        return xMin;
    }

    /** First row with a set pixel; only if not empty. */
    public int yMin() {
        return yMin;
    }

    /** Last column with a set pixel, inclusive; only if not empty. */
    public int xMax() {
        return xMax;
    }

    /** Last row with a set pixel, inclusive; only if not empty. */
    public int yMax() {
        return yMax;
    }

    /** First set pixel of the row at or after {@code from}, or {@code width} if there is none. */
    public int nextSet(int y, int from) {
        return next(y, from, 0);
    }

    /** First clear pixel of the row at or after {@code from}, or {@code width} if there is none. */
    public int nextClear(int y, int from) {
        return next(y, from, -1L);
    }

    private int next(int y, int from, long flip) {
        if (from >= width) return width;
        int word = from >> 6;
        long rest = (bits[y * stride + word] ^ flip) & (-1L << from);
        while (rest == 0) {
            if (++word == stride) return width;
            rest = bits[y * stride + word] ^ flip;
        }
        return Math.min(width, word * 64 + Long.numberOfTrailingZeros(rest));
    }
}
