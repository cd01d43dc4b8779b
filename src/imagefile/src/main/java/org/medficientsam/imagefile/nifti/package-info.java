/**
 * NIfTI-1 and NIfTI-2 files, .nii and .nii.gz: images in, label maps out with the header they came in with. The header's fields
 * are those of nifti1.h and nifti2.h; values and affine are nibabel's. Knows no window and no prompt.
 */
@NullMarked
package org.medficientsam.imagefile.nifti;

import org.jspecify.annotations.NullMarked;
