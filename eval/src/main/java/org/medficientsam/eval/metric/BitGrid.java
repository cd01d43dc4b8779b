package org.medficientsam.eval.metric;

/**
 * One bit per cell of a three-dimensional grid, 64 cells of a row to a word; the bits past the end of a row stay clear.
 */
final class BitGrid {

    final int size0;
    final int size1;
    final int size2;
    final int wordsPerRow;
    final long[] words;

    BitGrid(int size0, int size1, int size2) {
        this.size0 = size0;
        this.size1 = size1;
        this.size2 = size2;
        wordsPerRow = (size2 + Long.SIZE - 1) / Long.SIZE;
        words = new long[Math.multiplyExact(Math.multiplyExact(size0, size1), wordsPerRow)];
    }

    /** Index of the first word of a row. */
    int row(int i, int j) {
        return (i * size1 + j) * wordsPerRow;
    }

    boolean get(int i, int j, int k) {
        return (words[row(i, j) + (k >> 6)] >> k & 1) != 0;
    }

    void set(int i, int j, int k) {
        words[row(i, j) + (k >> 6)] |= 1L << k;
    }

    boolean isEmpty() {
        for (long word : words) {
            if (word != 0) {
                return false;
            }
        }
        return true;
    }

    long count() {
        long count = 0;
        for (long word : words) {
            count += Long.bitCount(word);
        }
        return count;
    }

    /** Number of cells that are set here and in a grid of the same size. */
    long countCommon(BitGrid other) {
        long count = 0;
        for (int w = 0; w < words.length; w++) {
            count += Long.bitCount(words[w] & other.words[w]);
        }
        return count;
    }

    /** Whether a row has a cell set from {@code low} to {@code high}, both included and inside the row. */
    boolean anySet(int row, int low, int high) {
        int first = row + (low >> 6);
        int last = row + (high >> 6);
        long fromLow = -1L << low;
        long upToHigh = -1L >>> (Long.SIZE - 1 - (high & 63));
        if (first == last) {
            return (words[first] & fromLow & upToHigh) != 0;
        }
        if ((words[first] & fromLow) != 0 || (words[last] & upToHigh) != 0) {
            return true;
        }
        for (int w = first + 1; w < last; w++) {
            if (words[w] != 0) {
                return true;
            }
        }
        return false;
    }
}
