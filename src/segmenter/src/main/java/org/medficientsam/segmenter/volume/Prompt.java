package org.medficientsam.segmenter.volume;

import org.medficientsam.casefile.Box3D;
import org.medficientsam.segmenter.picture.Frame;
import org.medficientsam.segmenter.picture.PromptBox;

/**
 * What the user asks for in a volume, once.
 *
 * @param label of the object, from 1
 * @param drawn the box in voxels, as the case has it
 * @param box the same in the plane, for the decoder
 * @param frame of the volume's slices
 */
public record Prompt(int label, Box3D drawn, PromptBox box, Frame frame) {
    /** Where slice {@code z} lies in the box: 0 in the middle, 1 half a slice beyond either end. */
    double height(int z) {
        double centre = (drawn.zMin() + drawn.zMax()) / 2;
        return Math.abs(z - centre) / ((drawn.zMax() - drawn.zMin()) / 2 + 0.5);
    }
}
