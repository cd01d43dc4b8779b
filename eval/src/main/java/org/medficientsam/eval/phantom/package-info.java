/**
 * Synthetic cases with exact ground truth, seeded: so that a fresh machine has something to run on. For trying and testing,
 * never presented as accuracy.
 *
 * <p>It does not know what becomes of them: only how they are drawn and written as npz.
 */
@NullMarked
package org.medficientsam.eval.phantom;

import org.jspecify.annotations.NullMarked;
