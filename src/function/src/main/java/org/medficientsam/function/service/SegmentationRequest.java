package org.medficientsam.function.service;

import java.util.Optional;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/**
 * A case that is to be segmented, and how.
 *
 * @param source the case
 * @param name what the answer calls it
 * @param model a bundle's id; empty for the default
 * @param rules a rule set's name; empty for the configured one
 * @param window which values become black and white, where the case does not come as uint8
 * @param wanted of it
 */
public record SegmentationRequest(
        CaseSource source,
        String name,
        Optional<String> model,
        Optional<String> rules,
        IntensityWindow window,
        Wanted wanted) {
    /** What a case is called that came without a name. */
    public static final String UNNAMED = "case.npz";

    /** One whose values are as {@link IntensityWindow#AUTO} takes them. */
    public SegmentationRequest(
            CaseSource source, String name, Optional<String> model, Optional<String> rules, Wanted wanted) {
        this(source, name, model, rules, IntensityWindow.AUTO, wanted);
    }
}
