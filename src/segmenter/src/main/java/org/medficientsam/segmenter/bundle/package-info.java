/**
 * A bundle on disk: what its manifest says ({@code models/SCHEMA.md} is normative), and whether its files are those that the
 * manifest pins by size and SHA-256. Whatever is not as it says is an
 * {@link org.medficientsam.segmenter.bundle.InvalidBundleException}.
 *
 * <p>It does not know what a graph is: nothing here loads one, so a bundle can be described without ONNX Runtime.
 */
@NullMarked
package org.medficientsam.segmenter.bundle;

import org.jspecify.annotations.NullMarked;
