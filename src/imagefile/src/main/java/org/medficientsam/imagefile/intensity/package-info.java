/**
 * From measured values to the 8 bits that the network sees. Values that are 8-bit already stay as they are; others go through a
 * window, and what was applied is told. Knows no file format and no prompt.
 *
 * <p>Presets are those with which MedSAM's and the challenge's data were prepared: soft tissue centre 40 width 400, lung -160 /
 * 1500, brain 40 / 80, bone 400 / 1800; everything else from the 0.5th to the 99.5th percentile of the non-zero voxels.
 */
@NullMarked
package org.medficientsam.imagefile.intensity;

import org.jspecify.annotations.NullMarked;
