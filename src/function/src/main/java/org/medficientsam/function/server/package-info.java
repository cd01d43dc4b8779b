/**
 * The process while it serves: whether it is ready, how it ends when it is told to, what it gives back when it is idle, the port of its
 * own that health and metrics may have, and whether bodies have a place to lie. It does not know what is served.
 */
@NullMarked
package org.medficientsam.function.server;

import org.jspecify.annotations.NullMarked;
