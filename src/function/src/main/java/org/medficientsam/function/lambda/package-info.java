/**
 * The Lambda door: the functions {@code segment}, for events of its own and for those of a function URL or an API, and
 * {@code segmentObjects}; how a fault becomes an {@code errorType}; and what a process does differently there (where bundles lie, no
 * port, early model, snapshot, metrics as log lines). It does not know how a case is segmented, nor the REST door.
 */
@NullMarked
package org.medficientsam.function.lambda;

import org.jspecify.annotations.NullMarked;
