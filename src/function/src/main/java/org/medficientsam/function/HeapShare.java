package org.medficientsam.function;

/**
 * How large a case may be so that the heap holds it: what cannot be held is refused by its headers, before anything of it is
 * allocated, rather than by an OutOfMemoryError in the middle.
 */
final class HeapShare {
    /** For classes, the server's buffers, and the garbage collector's air. */
    private static final double USABLE = 0.8;

    /**
     * Heap bytes per byte of a grey image: the npz it comes in, which may be stored; the image; two for its label; a quarter
     * for the label map's npz and its copy in the answer, as labels deflate at least sixteenfold.
     */
    private static final double PER_BYTE = 1 + 1 + 2 + 0.25;

    private HeapShare() {}

    /**
     * Bytes of the largest array that a case may have.
     *
     * @param heapBytes that the JVM may use
     * @param concurrency cases at the same time
     */
    static int largestArray(long heapBytes, int concurrency) {
        return (int) Math.min(Integer.MAX_VALUE, (long) (heapBytes * USABLE / concurrency / PER_BYTE));
    }
}
