/**
 * PNG, JPEG, TIFF, BMP, GIF and WebP through {@code javax.imageio}, with the pixel values that Pillow gives: no gamma or profile is
 * applied, 16 bits stay 16, a palette becomes its colours, CMYK becomes RGB by Pillow's formula, alpha is put aside, and a
 * photograph is turned upright as its EXIF orientation says. What the readers of the JDK would allocate on the word of a header is
 * checked before they see it. Knows no window and no prompt.
 */
@NullMarked
package org.medficientsam.imagefile.picture;

import org.jspecify.annotations.NullMarked;
