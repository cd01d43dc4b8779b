package org.medficientsam.function;

import org.medficientsam.casefile.overlay.Overlay;

/**
 * A segmented case.
 *
 * @param result everything but the picture, with the label map written as npz
 * @param overlay drawn only when asked for
 */
public record Answer(SegmentationResult result, Overlay overlay) {}
