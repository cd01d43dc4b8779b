package org.medficientsam.imagefile.image;

import java.util.Optional;

/**
 * What a result has to know of the image it belongs to: all but its numbers.
 *
 * @param kind what the file was
 * @param grid its axes and place
 * @param flat whether it was an image rather than a volume
 * @param header of the file, for a writer of the same kind
 */
public record ImageForm(FileKind kind, VoxelGrid grid, boolean flat, Optional<byte[]> header) {
    /** Of an image. */
    public static ImageForm of(RawImage image) {
        return new ImageForm(image.kind(), image.grid(), image.isFlat(), image.header());
    }
}
