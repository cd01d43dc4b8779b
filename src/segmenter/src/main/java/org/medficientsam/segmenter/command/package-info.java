/**
 * The command line {@code segment}: an image or a folder of images in, label maps and overlays out. The one place of the module that
 * prints, reads and writes cases, and ends the process.
 *
 * <p>It does not know how an image is stored ({@code imagefile}), how a case is segmented, nor anything of the function that serves the same model.
 */
@NullMarked
package org.medficientsam.segmenter.command;

import org.jspecify.annotations.NullMarked;
