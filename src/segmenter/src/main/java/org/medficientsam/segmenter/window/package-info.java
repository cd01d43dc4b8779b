/**
 * Which parts of an image are looked at more closely: where a picture is shrunk for the network, a small object would be a few pixels to it.
 * {@link org.medficientsam.segmenter.window.WindowRule} is the rule as data, {@link org.medficientsam.segmenter.window.WindowPlan} what it
 * makes of an image's boxes.
 *
 * <p>It knows no pixels and no network: sizes and boxes go in, rectangles come out.
 */
@NullMarked
package org.medficientsam.segmenter.window;

import org.jspecify.annotations.NullMarked;
