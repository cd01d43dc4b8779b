/**
 * From a decoder's logits to masks, and from masks to the label map:
 *
 * <pre>
 * MaskPostprocessor   logits (s, s), with ShapeTerm if the rules add one -> Mask (H, W), a bit per pixel
 * LabelPainter        masks -> label map (D, H, W), the higher rank of Overlap on top
 * </pre>
 *
 * <p>It knows one slice at a time: not which slice comes next, nor where a box comes from, nor which rules are followed.
 */
@NullMarked
package org.medficientsam.segmenter.mask;

import org.jspecify.annotations.NullMarked;
