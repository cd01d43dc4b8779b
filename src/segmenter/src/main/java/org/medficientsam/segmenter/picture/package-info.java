/**
 * Between pixels and the network's square picture: how a slice lies in it ({@link org.medficientsam.segmenter.picture.Frame}), how it
 * is resized and scaled, and how a box in pixels becomes a box for the decoder. Arithmetic on arrays, equal to OpenCV's to the bit.
 *
 * <p>It knows no network, no case, no volume and no mask.
 */
@NullMarked
package org.medficientsam.segmenter.picture;

import org.jspecify.annotations.NullMarked;
