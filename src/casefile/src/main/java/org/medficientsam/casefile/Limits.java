package org.medficientsam.casefile;

/**
 * Absolute caps, checked before anything of the declared size is allocated. How well an array compresses is no criterion: a
 * blank mask deflates a thousandfold.
 *
 * @param maxStreamBytes longest npz that is taken from a stream (a stream is buffered; a file is read where it lies)
 * @param maxEntries most entries in an archive
 * @param maxHeaderBytes longest npy header
 * @param maxArrayBytes largest single array, decoded
 * @param maxTotalBytes all arrays that are read from one archive, decoded
 * @param maxBoxes most boxes in a case; at most 65535, as labels are uint16
 */
public record Limits(
        int maxStreamBytes, int maxEntries, int maxHeaderBytes, int maxArrayBytes, long maxTotalBytes, int maxBoxes) {
    /** For cases of others: 256 MiB per stream and per array, which a 512 x 512 x 1024 uint8 volume fits exactly. */
    public static final Limits DEFAULT =
            new Limits(256 << 20, 256, 64 << 10, 256 << 20, 320L << 20, LabelMap.MAX_LABEL);

    /** For files of one's own, such as label maps of 16 bits: as large as a Java array can be. */
    public static final Limits LOCAL = new Limits(
            Integer.MAX_VALUE - 8,
            LabelMap.MAX_LABEL,
            64 << 10,
            Integer.MAX_VALUE - 8,
            Long.MAX_VALUE,
            LabelMap.MAX_LABEL);

    /** @throws IllegalArgumentException if a limit is not positive or labels would not fit uint16 */
    public Limits {
        if (maxStreamBytes < 1 || maxEntries < 1 || maxHeaderBytes < 1 || maxArrayBytes < 1 || maxTotalBytes < 1)
            throw new IllegalArgumentException("limits must be positive");
        if (maxBoxes < 1 || maxBoxes > LabelMap.MAX_LABEL)
            throw new IllegalArgumentException("maxBoxes must be in 1..65535, got " + maxBoxes);
    }
}
