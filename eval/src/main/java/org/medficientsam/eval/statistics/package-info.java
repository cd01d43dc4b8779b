/**
 * What may be said of figures of a few cases: intervals and paired tests.
 *
 * <p>It knows numbers, grouped in strata, and nothing of cases, runs or what the numbers measure.
 */
@NullMarked
package org.medficientsam.eval.statistics;

import org.jspecify.annotations.NullMarked;
