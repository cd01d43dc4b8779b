package org.medficientsam.function.service;

import java.util.Optional;

/**
 * A segmented case.
 *
 * @param result what was found, with the label map as npz
 * @param form that was asked for
 * @param written the answer in that form, unless it is the result or its npz
 */
public record Answer(SegmentationResult result, AnswerForm form, Optional<byte[]> written) {}
