/**
 * Where the process begins ({@link org.medficientsam.function.Main}), and the names by which Lambda's callers match faults
 * ({@link org.medficientsam.function.LambdaFault}), which are class names. What happens to a case stands in the packages below:
 * <pre>
 *   {@link org.medficientsam.function.rest}     HTTP -> SegmentationRequest                 Answer -> HTTP
 *   {@link org.medficientsam.function.lambda}   event -> SegmentationRequest                result -> JSON
 *   {@link org.medficientsam.function.s3}       s3://... -> case                            label map -> s3://...
 *   {@link org.medficientsam.function.service}  SegmentationRequest -> a turn, a bundle -> Answer
 * </pre>
 * This package uses none of them.
 */
@NullMarked
package org.medficientsam.function;

import org.jspecify.annotations.NullMarked;
