package org.medficientsam.segmenter.volume;

import org.medficientsam.casefile.Box;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.segmenter.picture.Frame;
import org.medficientsam.segmenter.picture.PromptBox;

/**
 * What the user asks for, once.
 *
 * @param label of the object, from 1
 * @param drawn the box in pixels, as the case has it
 * @param box the same for the decoder
 */
public record Prompt(int label, Box drawn, PromptBox box, Frame frame) {
    /** Where slice {@code z} lies in the box of a volume: 0 in the middle, 1 half a slice beyond either end. */
    double height(int z) {
        Box3D box3d = (Box3D) drawn;
        double centre = (box3d.zMin() + box3d.zMax()) / 2;
        return Math.abs(z - centre) / ((box3d.zMax() - box3d.zMin()) / 2 + 0.5);
    }
}
