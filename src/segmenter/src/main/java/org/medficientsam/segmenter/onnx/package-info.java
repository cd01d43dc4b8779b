/**
 * The only place that knows ONNX Runtime: the networks of a bundle, and the embeddings that pass between them in native
 * memory. What comes in are 8-bit slices and boxes, what goes out are logits on the heap.
 *
 * <p>It knows nothing of cases, volumes, labels or inference rules. Whatever the runtime throws leaves here as an
 * {@link org.medficientsam.segmenter.onnx.InferenceException}, or as an
 * {@link org.medficientsam.segmenter.bundle.InvalidBundleException} while a graph is opened.
 */
@NullMarked
package org.medficientsam.segmenter.onnx;

import org.jspecify.annotations.NullMarked;
