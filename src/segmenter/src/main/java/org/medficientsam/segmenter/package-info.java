/**
 * MedficientSAM in plain Java: a case with boxes goes in, a label map comes out. Read in this order:
 *
 * <pre>
 * Segmenter            CaseFile -> Segmentation; owns the loaded model, serves any number of threads
 * Rules                what surrounds the network, as data: medficientsam, medficientsam-original, litemedsam, steady
 * CaseRun              the steps of one case:
 *   Interpolation        slice (H, W, C) uint8 -> (h, w, C) uint8, longer side S       .picture, equal to OpenCV to the bit
 *   ImageEncoder         -> scaled to [0, 1], padded to (1, 3, S, S) -> embedding      .onnx, stays in native memory
 *   MaskDecoder          embedding, box / max(H, W) -> logits (s, s), IoU estimate     .onnx
 *   MaskPostprocessor    logits -> mask (H, W)                                         .mask, two resizes in one pass
 *   LabelPainter         masks -> label map (D, H, W) uint16                           .mask
 * ImageSegmenter       one encode, and one for each closer look that .window plans; a decode per box
 * VolumeSegmenter      two sweeps over z, slices encoded ahead; .volume says in which order and with which boxes
 * </pre>
 *
 * <p>Arrows go {@code command -> this -> volume -> mask -> onnx -> bundle, picture}, and {@code this -> window}. The module knows nothing of HTTP, Lambda or
 * scores, this package nothing of files on the way in or out, nor of ONNX Runtime. Bad cases are refused by {@code casefile}
 * before they come here; a model that does not fit its manifest is an
 * {@link org.medficientsam.segmenter.bundle.InvalidBundleException}, a run that fails an
 * {@link org.medficientsam.segmenter.onnx.InferenceException}.
 */
@NullMarked
package org.medficientsam.segmenter;

import org.jspecify.annotations.NullMarked;
