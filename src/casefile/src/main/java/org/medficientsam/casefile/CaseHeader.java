package org.medficientsam.casefile;

import java.util.Arrays;

/**
 * What is known of a case before its pixels are read: how large it is and where its boxes lie. Enough to tell what the case will
 * cost, in time that grows with the boxes and not with the slices. Nothing here has been checked: a header of a case that will be
 * refused has sizes all the same.
 */
public final class CaseHeader implements ImageSize.Sized {
    private static final int VOLUME_COLUMNS = 6;
    private static final int Z_MIN = 2;
    private static final int Z_MAX = 5;

    private final long arrayBytes;
    private final ImageSize size;
    private final boolean volume;
    private final int boxes;
    private final long boxSlices;
    private final int coveredSlices;

    private CaseHeader(long arrayBytes, ImageSize size, boolean volume, int boxes, long[] ranges) {
        this.arrayBytes = arrayBytes;
        this.size = size;
        this.volume = volume;
        this.boxes = boxes;
        this.boxSlices = Arrays.stream(ranges).map(CaseHeader::length).sum();
        this.coveredSlices = covered(ranges);
    }

    /**
     * Of a case in a file.
     *
     * @param arrayBytes of all arrays, decoded
     * @param values (N, 4) or (N, 6) of a volume, row-major, as the file has them
     */
    public static CaseHeader of(
            long arrayBytes, int depth, int height, int width, int channels, boolean volume, double[] values) {
        int columns = volume ? VOLUME_COLUMNS : 4;
        int boxes = values.length / columns;
        long[] ranges = new long[boxes]; // first slice << 32 | last slice, so that numbers sort by first slice
        for (int i = 0; i < boxes; i++)
            ranges[i] = volume ? range(values[i * columns + Z_MIN], values[i * columns + Z_MAX], depth) : 0;
        Arrays.sort(ranges);
        return new CaseHeader(arrayBytes, new ImageSize(depth, height, width, channels), volume, boxes, ranges);
    }

    /** Of a file that can be told to be no case once its arrays have been read. */
    public static CaseHeader unknown(long arrayBytes) {
        return of(arrayBytes, 1, 1, 1, 1, false, new double[0]);
    }

    private static long range(double min, double max, int depth) {
        long first = (long) Math.min(Math.max(min, 0), depth - 1.0); // NaN becomes 0; it is refused when it is read
        long last = (long) Math.min(Math.max(max, 0), depth - 1.0);
        return first << 32 | Math.max(first, last);
    }

    private static int first(long range) {
        return (int) (range >>> 32);
    }

    private static int last(long range) {
        return (int) range;
    }

    private static long length(long range) {
        return last(range) - first(range) + 1L;
    }

    /** @param ranges sorted by first slice */
    private static int covered(long[] ranges) {
        int slices = 0;
        int end = 0; // first slice that no range has covered yet
        for (long range : ranges) {
            int from = Math.max(first(range), end);
            if (last(range) >= from) slices += last(range) - from + 1;
            end = Math.max(end, last(range) + 1);
        }
        return slices;
    }

    /** Bytes of all arrays that are read, decoded. */
    public long arrayBytes() {
        return arrayBytes;
    }

    @Override
    public ImageSize size() {
        return size;
    }

    /** Pixels of all slices. */
    public long voxels() {
        return size.voxels();
    }

    /** Whether boxes have six columns. */
    public boolean isVolume() {
        return volume;
    }

    /** How many boxes there are. */
    public int boxes() {
        return boxes;
    }

    /** Slices under the boxes, a slice under several boxes as often: how many boxes there are to decode. */
    public long boxSlices() {
        return boxSlices;
    }

    /** Slices under any box: how many there are to encode. */
    public int coveredSlices() {
        return coveredSlices;
    }
}
