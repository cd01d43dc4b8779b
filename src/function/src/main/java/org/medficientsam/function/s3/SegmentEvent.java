package org.medficientsam.function.s3;

import java.util.Optional;
import org.medficientsam.function.service.SegmentationRequest;

/**
 * What {@link SegmentEventParser} reads.
 *
 * @param request the case and how it is segmented
 * @param output the prefix in S3 under which the label map goes; empty if it goes into the answer
 */
public record SegmentEvent(SegmentationRequest request, Optional<S3Uri> output) {}
