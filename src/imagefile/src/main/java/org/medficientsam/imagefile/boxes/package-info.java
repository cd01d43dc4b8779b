/**
 * Box prompts as people have them: typed, in a table, in JSON or COCO, around the labels of another image, or the whole image. They
 * come in the axes of the image's file and leave in those of a case. What is no box (a line, a click, shares of the image) is refused
 * with what to give instead. Knows no file format of images and no window.
 */
@NullMarked
package org.medficientsam.imagefile.boxes;

import org.jspecify.annotations.NullMarked;
