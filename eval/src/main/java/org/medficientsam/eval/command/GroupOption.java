package org.medficientsam.eval.command;

import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.dataset.CaseGroups;
import org.medficientsam.eval.dataset.Dataset;
import picocli.CommandLine.Option;

/** Which cases are not independent of one another. */
final class GroupOption {

    @Option(
            names = "--group",
            paramLabel = "REGEX",
            description =
                    "Cases in whose names it finds the same text (that of its first bracket, if it has one) are of one"
                            + " patient, volume or video; intervals and tests take them as one (default: as the data set's entry says).")
    private @Nullable String pattern;

    /** As given; null if it was not. */
    @Nullable
    CaseGroups groups() {
        return pattern == null ? null : CaseGroups.by(pattern);
    }

    /** The data set, grouped as given or as it was. */
    Dataset of(Dataset dataset) {
        CaseGroups given = groups();
        return given == null ? dataset : dataset.grouped(given);
    }
}
