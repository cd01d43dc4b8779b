package org.medficientsam.eval.command;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether a report shows cases, and how many. */
final class PictureOptions {

    @Option(
            names = {"--no-pictures", "--no-gallery"},
            description = "Without pictures of cases, so that the report may be passed on where the images may not.")
    private boolean none;

    private int most;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--pictures",
            paramLabel = "N",
            defaultValue = "300",
            description =
                    "Draw so many cases at the most (default: ${DEFAULT-VALUE}); of more, those in which runs lie furthest"
                            + " apart, the worst, the best and the median of each modality.")
    private void atMost(int number) {
        if (number < 0) {
            throw new ParameterException(command.commandLine(), "--pictures must be at least 0, got " + number);
        }
        most = number;
    }

    /** 0 for none. */
    int most() {
        return none ? 0 : most;
    }
}
