package org.medficientsam.eval.command;

import picocli.CommandLine.Option;

/** Whether a report shows cases, and how many. */
final class PictureOptions {

    @Option(
            names = {"--no-pictures", "--no-gallery"},
            description = "Without pictures of cases, so that the report may be passed on where the images may not.")
    private boolean none;

    @Option(
            names = "--pictures",
            paramLabel = "N",
            defaultValue = "300",
            description =
                    "Draw so many cases at the most (default: ${DEFAULT-VALUE}); of more, those in which runs lie furthest"
                            + " apart, the worst, the best and the median of each modality.")
    private int most;

    /** 0 for none. */
    int most() {
        return none ? 0 : Math.max(0, most);
    }
}
