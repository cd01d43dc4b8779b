/**
 * The picture of an answer: {@link org.medficientsam.casefile.overlay.Overlay} paints label outlines and boxes over an image, or over
 * a montage of a volume's slices, as PNG. It does not know how the case was stored or who segmented it.
 */
@NullMarked
package org.medficientsam.casefile.overlay;

import org.jspecify.annotations.NullMarked;
