/**
 * The function, reached in each of the ways a user reaches it: a URL, a jar served or started afresh for each case, Lambda,
 * a state machine. One case in, a label map or a reason out, with what the function told about itself.
 *
 * <p>It does not know run folders or scores, nor the classes of the function: it is a client like any other.
 */
@NullMarked
package org.medficientsam.eval.target;

import org.jspecify.annotations.NullMarked;
