package org.medficientsam.function.admission;

import org.medficientsam.casefile.CaseHeader;

/**
 * What it takes at most to answer a case, told from its header.
 *
 * @param slices runs of the image encoder, each slice counted once
 * @param windows more runs of it, for an image's small objects
 * @param decodes runs of the mask decoder, one per box and slice
 * @param heapBytes Java heap that is held at once, from the npz to the answer
 */
public record CaseCost(int slices, int windows, long decodes, long heapBytes) {
    /** Buffers of codecs, encoder input, JSON, whatever the case. */
    private static final long FIXED = 4L << 20;

    /** Masks that are decoded at once, by worker, and their cut-out copies. */
    private static final int MASKS_PER_WORKER = 2 * 4;

    /** A box as numbers, prompt, track and row of the answer. */
    private static final long PER_BOX = 1 << 10;

    /** A box's place in the plan of its slices. */
    private static final long PER_DECODE = 16;

    /** A slice's place in the plan, on both ways. */
    private static final long PER_SLICE = 256;

    /**
     * @param npzBytes of the npz, as far as they are held in memory
     * @param workers threads that decode
     * @param mostWindows that an image's small objects may have
     */
    public static CaseCost of(CaseHeader header, long npzBytes, int workers, int mostWindows) {
        long labels = header.voxels() * Short.BYTES;
        // Answers are written beside the label map: deflated (masks are runs), copied once, and as base64 in JSON.
        long answer = labels / 8;
        long maskBytes = (long) header.height() * ((header.width() + Long.SIZE - 1) / Long.SIZE) * Long.BYTES;
        // Tables of the resize, one entry per row and column.
        long tables = ((long) header.height() + header.width()) * Long.BYTES * 4;
        long heap = FIXED
                + npzBytes
                + 2 * header.arrayBytes() // conversions are beside the array they convert
                + labels
                + answer
                + MASKS_PER_WORKER * (long) workers * maskBytes
                + tables
                + header.boxes() * PER_BOX
                + header.boxSlices() * PER_DECODE
                + header.coveredSlices() * PER_SLICE;
        int slices = header.boxes() == 0 ? 0 : header.coveredSlices();
        int windows = header.isVolume() ? 0 : Math.min(header.boxes(), mostWindows);
        return new CaseCost(slices, windows, header.boxSlices(), heap);
    }

    /** The same with more memory. */
    public CaseCost plus(long bytes) {
        return new CaseCost(slices, windows, decodes, heapBytes + bytes);
    }
}
