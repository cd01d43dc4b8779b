/**
 * A run: the cases of a data set sent through a target, recorded so that a killed harness goes on where it was, then scored.
 *
 * <p>It owns the run folder. It does not know what a report makes of it, and prints nothing but what it is handed a writer for.
 */
@NullMarked
package org.medficientsam.eval.run;

import org.jspecify.annotations.NullMarked;
