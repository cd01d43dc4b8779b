/**
 * DICOM images: a file, or the files of one series, in; an image of stored numbers with its place in the patient out. Read here:
 * implicit and explicit little-endian, big-endian, deflated; one frame or many, classic or enhanced; MONOCHROME1 and 2, palette,
 * RGB and YBR. Compressed pixels are decoded by {@code gdcmconv} where that is installed and the limits allow it. Attributes and
 * encodings are those of DICOM PS3.3 and PS3.5; no element but those named in {@link org.medficientsam.imagefile.dicom.Tag} is
 * looked at, and no patient's data leaves this package. Knows no window and no prompt.
 */
@NullMarked
package org.medficientsam.imagefile.dicom;

import org.jspecify.annotations.NullMarked;
