/**
 * The service, whichever door a request comes through: {@link org.medficientsam.function.service.SegmentationRequest} goes in,
 * {@link org.medficientsam.function.service.Answer} comes out of {@link org.medficientsam.function.service.SegmentationService}, or a
 * failure that {@link org.medficientsam.function.service.Problem} has a row for. Here are also what the requests share: the open
 * bundles, limits and settings, metrics, and what a request knows of itself
 * ({@link org.medficientsam.function.service.RequestContext}). It knows no door: nothing of JAX-RS, of Lambda or of S3, and not
 * the environment, of which settings tell.
 */
@NullMarked
package org.medficientsam.function.service;

import org.jspecify.annotations.NullMarked;
