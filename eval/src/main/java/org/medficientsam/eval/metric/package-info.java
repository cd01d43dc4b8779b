/**
 * DSC, NSD and HD95 of label maps, by the challenge's protocol to the digit, or by outlines.
 *
 * <p>It knows two arrays, a spacing and a protocol, and nothing else of the harness: not data sets, not who made a prediction.
 */
@NullMarked
package org.medficientsam.eval.metric;

import org.jspecify.annotations.NullMarked;
