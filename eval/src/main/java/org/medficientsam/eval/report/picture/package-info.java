/**
 * One case as a picture: which part of the image, which slices and grey values, several predictions side by side.
 *
 * <p>It knows a case and label maps with their titles, and nothing of runs, scores or where a picture goes.
 */
@NullMarked
package org.medficientsam.eval.report.picture;

import org.jspecify.annotations.NullMarked;
