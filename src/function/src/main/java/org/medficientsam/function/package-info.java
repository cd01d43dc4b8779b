/**
 * The service, whichever door a request comes through: {@link org.medficientsam.function.SegmentationRequest} goes in,
 * {@link org.medficientsam.function.Answer} comes out of {@link org.medficientsam.function.SegmentationService}, or a failure
 * that {@link org.medficientsam.function.Problem} has a row for. Here are also what the requests share: the open bundles,
 * admission, limits and settings, metrics, and what a request knows of itself
 * ({@link org.medficientsam.function.RequestContext}).
 * <pre>
 *   {@link org.medficientsam.function.rest}    HTTP -> SegmentationRequest                 Answer -> HTTP
 *   {@link org.medficientsam.function.lambda}  event -> SegmentationRequest                result -> JSON
 *   {@link org.medficientsam.function.s3}      s3://... -> case                            label map -> s3://...
 * </pre>
 * This package knows no door: no type of JAX-RS, of Lambda or of S3.
 */
@NullMarked
package org.medficientsam.function;

import org.jspecify.annotations.NullMarked;
