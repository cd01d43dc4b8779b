package org.medficientsam.segmenter;

import org.medficientsam.casefile.Box;

/**
 * What became of one box.
 *
 * @param label in the label map, from 1
 * @param box as the case has it
 * @param voxels that carry the label in the end; 0 if nothing was found or all of it is overlapped
 * @param iou the network's estimate of its own IoU, in a volume its mean over slices; NaN where the network gives none
 */
public record LabelledObject(int label, Box box, long voxels, double iou) {}
