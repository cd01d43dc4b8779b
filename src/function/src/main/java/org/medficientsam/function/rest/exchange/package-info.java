/**
 * An HTTP exchange before any resource sees it: its {@link org.medficientsam.function.service.RequestContext}, whose it is, its body, received
 * within a time, a rate and a room for all, and whether its answer is read. It knows neither what the body is for nor how a fault is written; paths that bring bodies are
 * told to it as beans ({@link org.medficientsam.function.rest.exchange.BodyRoute}).
 */
@NullMarked
package org.medficientsam.function.rest.exchange;

import org.jspecify.annotations.NullMarked;
