package org.medficientsam.eval.target;

import java.util.Map;
import java.util.OptionalLong;

/** What a target made of a case. A failed case is data: a row with its reason. */
public sealed interface CaseOutcome {

    /** Wall time of the attempt that settled it; waiting and earlier attempts are not in it. */
    double seconds();

    /** How often it was tried. */
    int attempts();

    /** @param segs the label map's npz as it came, already checked against the image */
    record Segmented(double seconds, int attempts, byte[] segs, Measures measures) implements CaseOutcome {}

    /** @param reason one line: what was refused, what was expected and found */
    record Failed(double seconds, int attempts, String reason) implements CaseOutcome {}

    /**
     * What the function told about itself.
     *
     * @param stagesMs milliseconds by stage: read, resize, encode, decode, mask, write; what was not told is absent
     */
    record Measures(Map<String, Double> stagesMs, OptionalLong slices, OptionalLong boxes, OptionalLong peakRssBytes) {

        /** Nothing was told. */
        public static final Measures NONE =
                new Measures(Map.of(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
    }
}
