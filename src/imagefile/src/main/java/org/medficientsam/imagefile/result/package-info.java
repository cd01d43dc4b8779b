/**
 * Label maps of pictures as other programs read them: a grey PNG, GeoJSON polygons, COCO run lengths. Knows no model and no window;
 * NIfTI is written by {@link org.medficientsam.imagefile.nifti}, npz by {@code casefile}.
 */
@NullMarked
package org.medficientsam.imagefile.result;

import org.jspecify.annotations.NullMarked;
