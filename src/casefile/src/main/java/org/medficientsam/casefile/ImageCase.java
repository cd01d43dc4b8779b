package org.medficientsam.casefile;

import java.util.List;
import java.util.Optional;

/**
 * An image with its boxes.
 *
 * @param image (1, H, W, 1 or 3) uint8
 * @param boxes inside the image; box i makes label i + 1
 */
public record ImageCase(ImageArray image, List<Box2D> boxes) implements CaseFile {
    /** @throws IllegalArgumentException if the image has more than one slice */
    public ImageCase {
        if (image.depth() != 1) throw new IllegalArgumentException("image must have depth 1, got " + image.depth());
        boxes = List.copyOf(boxes);
    }

    /** None: an image is measured in pixels. */
    @Override
    public Optional<Spacing> spacing() {
        return Optional.empty();
    }
}
