package org.medficientsam.casefile.npz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How elements lie in memory: byte order, axis order, and the two number formats Java 17 lacks. */
final class Layout {
    /** Edge of the square blocks in which axes are exchanged, so that reads and writes both stay in the cache. */
    private static final int TILE = 64;

    private Layout() {}

    /** Exchanges big- and little-endian in place. */
    static void swap(byte[] data, int itemSize) {
        ByteBuffer big = ByteBuffer.wrap(data).order(ByteOrder.BIG_ENDIAN);
        ByteBuffer little = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        switch (itemSize) {
            case 2 -> little.asShortBuffer().put(big.asShortBuffer());
            case 4 -> little.asIntBuffer().put(big.asIntBuffer());
            case 8 -> little.asLongBuffer().put(big.asLongBuffer());
            default -> {}
        }
    }

    /** Column-major (first axis fastest) to row-major (last axis fastest). */
    static byte[] fromFortran(byte[] data, int itemSize, int... shape) {
        int axes = shape.length;
        if (axes < 2 || data.length == 0) return data;
        int first = shape[0];
        int last = shape[axes - 1];
        int middle = data.length / itemSize / first / last;
        byte[] ordered = new byte[data.length];
        int[] index = new int[axes];
        for (int m = 0; m < middle; m++) {
            // Both offsets of (0, index[1..axes-2], 0): m counts the middle axes in row-major order.
            int from = 0;
            int stride = first;
            for (int axis = 1; axis < axes - 1; axis++) {
                from += index[axis] * stride;
                stride *= shape[axis];
            }
            transpose(data, from, stride, ordered, m * last, middle * last, first, last, itemSize);
            for (int axis = axes - 2; axis > 0 && ++index[axis] == shape[axis]; axis--) index[axis] = 0;
        }
        return ordered;
    }

    /** to[r * toStride + c] = from[c * fromStride + r], in elements. */
    private static void transpose(
            byte[] data,
            int from,
            int fromStride,
            byte[] ordered,
            int to,
            int toStride,
            int rows,
            int columns,
            int itemSize) {
        for (int row = 0; row < rows; row += TILE) {
            int rowEnd = Math.min(row + TILE, rows);
            for (int column = 0; column < columns; column += TILE) {
                int columnEnd = Math.min(column + TILE, columns);
                for (int r = row; r < rowEnd; r++) {
                    for (int c = column; c < columnEnd; c++) {
                        int source = (from + c * fromStride + r) * itemSize;
                        int target = (to + r * toStride + c) * itemSize;
                        for (int b = 0; b < itemSize; b++) ordered[target + b] = data[source + b];
                    }
                }
            }
        }
    }

    /** IEEE 754 binary16. */
    static double halfToDouble(short half) {
        int exponent = half >> 10 & 0x1f;
        int fraction = half & 0x3ff;
        double magnitude =
                switch (exponent) {
                    case 0 -> Math.scalb((double) fraction, -24);
                    case 0x1f -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
                    default -> Math.scalb((double) (fraction | 0x400), exponent - 25);
                };
        return half < 0 ? -magnitude : magnitude;
    }

    /** The nearest double to a uint64 of 2^63 or more. */
    static double unsignedToDouble(long bits) {
        // Halved with the lost bit kept sticky, so that the one rounding is the right one.
        return (double) (bits >>> 1 | bits & 1) * 2;
    }
}
