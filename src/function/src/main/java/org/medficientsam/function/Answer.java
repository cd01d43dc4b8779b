package org.medficientsam.function;

import java.util.Optional;

/**
 * A segmented case.
 *
 * @param result everything but the picture, with the label map written as npz
 * @param picture the overlay as PNG, if it was asked for
 */
public record Answer(SegmentationResult result, Optional<byte[]> picture) {}
