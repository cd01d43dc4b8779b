package org.medficientsam.function;

import java.util.Optional;

/**
 * A case that is to be segmented, and how.
 *
 * @param source the case
 * @param name what the answer calls it
 * @param model a bundle's id; empty for the default
 * @param rules a rule set's name; empty for the configured one
 * @param picture whether a picture is wanted too
 */
public record SegmentationRequest(
        CaseSource source, String name, Optional<String> model, Optional<String> rules, boolean picture) {
    /** What a case is called that came without a name. */
    public static final String UNNAMED = "case.npz";

    /** One without a picture. */
    public SegmentationRequest(CaseSource source, String name, Optional<String> model, Optional<String> rules) {
        this(source, name, model, rules, false);
    }
}
