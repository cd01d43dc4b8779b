package org.medficientsam.imagefile.image;

/**
 * Absolute caps, checked before anything of the declared size is allocated.
 *
 * @param maxFileBytes longest file, or files of a series together
 * @param maxVoxelBytes an image's numbers as the file has them
 * @param maxFiles most files of a series
 * @param decoders whether compressed DICOM may be handed to a decoder that is installed on this machine
 */
public record ReadLimits(int maxFileBytes, int maxVoxelBytes, int maxFiles, boolean decoders) {
    /** For images of others: a 512 x 512 x 1024 volume of int16 fits. */
    public static final ReadLimits DEFAULT = new ReadLimits(576 << 20, 576 << 20, 4096, false);

    /** For files of one's own: as large as a Java array can be. */
    public static final ReadLimits LOCAL = new ReadLimits(Integer.MAX_VALUE - 8, Integer.MAX_VALUE - 8, 1 << 16, true);

    /** @throws IllegalArgumentException if a limit is not positive */
    public ReadLimits {
        if (maxFileBytes < 1 || maxVoxelBytes < 1 || maxFiles < 1)
            throw new IllegalArgumentException("limits must be positive");
    }
}
