package org.medficientsam.casefile;

import java.util.List;
import java.util.Optional;

/** A case of the challenge: an image or a volume, its box prompts, and its voxel spacing if that is known. */
public sealed interface CaseFile permits ImageCase, VolumeCase {
    /** Pixels, uint8; depth 1 in an {@link ImageCase}. */
    ImageArray image();

    /** The prompts, inside the image; box i makes label i + 1. */
    List<? extends Box> boxes();

    /** Voxel spacing in mm, if the case has it. */
    Optional<Spacing> spacing();
}
