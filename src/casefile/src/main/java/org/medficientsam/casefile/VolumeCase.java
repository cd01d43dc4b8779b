package org.medficientsam.casefile;

import java.util.List;
import java.util.Optional;

/**
 * A volume with its boxes.
 *
 * @param image (D, H, W, 1 or 3) uint8
 * @param boxes inside the volume; box i makes label i + 1
 * @param spacing voxel spacing in mm, if it is known
 */
public record VolumeCase(ImageArray image, List<Box3D> boxes, Optional<Spacing> spacing) implements CaseFile {
    /** Copies the list. */
    public VolumeCase {
        boxes = List.copyOf(boxes);
    }
}
