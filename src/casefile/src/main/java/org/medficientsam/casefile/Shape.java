package org.medficientsam.casefile;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Arithmetic and spelling of array shapes. */
public final class Shape {
    private Shape() {}

    /**
     * Number of elements, 1 for a scalar and 0 if any axis is empty.
     *
     * @throws ArithmeticException if it does not fit a long
     */
    public static long size(int... shape) {
        long size = 1;
        boolean empty = false;
        for (int length : shape) {
            empty |= length == 0;
            size = Math.multiplyExact(size, Math.max(length, 1));
        }
        return empty ? 0 : size;
    }

    /** As Python prints it: {@code ()}, {@code (3,)}, {@code (3, 4)}. */
    public static String toString(int... shape) {
        String axes = Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        return "(" + axes + (shape.length == 1 ? ",)" : ")");
    }
}
