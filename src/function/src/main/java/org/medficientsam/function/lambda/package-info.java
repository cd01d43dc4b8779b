/**
 * The Lambda door: the functions {@code segment} and {@code segmentObjects}, how a fault becomes an {@code errorType}, and what
 * a process does differently there (no port, early model, snapshot, metrics as log lines). It does not know how a case is
 * segmented, nor anything of HTTP.
 */
@NullMarked
package org.medficientsam.function.lambda;

import org.jspecify.annotations.NullMarked;
