package org.medficientsam.function.rest;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.util.Optional;
import org.medficientsam.segmenter.CaseOptions;

/** {@code ?threshold=}. */
final class Thresholds {
    private Thresholds() {}

    /** @throws org.medficientsam.casefile.InvalidCaseException if it is no number */
    static double parse(Optional<String> text) {
        try {
            return text.map(Double::parseDouble).orElse(CaseOptions.HALF);
        } catch (NumberFormatException e) {
            throw malformed("threshold", "a number above 0 and below 1", "something else");
        }
    }
}
