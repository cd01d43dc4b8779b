/**
 * MetaImage (.mha) and NRRD (.nrrd): lines of text, then the numbers. Voxels must follow in the same file: a header that names another
 * file is refused, as no path is followed out of a file's content. Values and places are SimpleITK's. Knows no window and no prompt.
 */
@NullMarked
package org.medficientsam.imagefile.metaimage;

import org.jspecify.annotations.NullMarked;
