package org.medficientsam.eval.command;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.run.RunFolder;
import org.medficientsam.eval.target.S3Staging;
import org.medficientsam.eval.target.Target;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How many cases at a time, how long for one, and whether to start over. */
final class LimitOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "1",
            description = "Cases at a time (default: ${DEFAULT-VALUE}). More than one distorts the times.")
    int parallel;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "900",
            description = "For one attempt at one case (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "How long to retry while the function is busy or away (default: ${DEFAULT-VALUE}).")
    private int patienceSeconds;

    @Option(
            names = "--fresh",
            description =
                    "Start over where the folder holds a run already: its rows, label maps and scores are removed.")
    boolean fresh;

    /** @throws ParameterException if a number is not positive */
    Target.Options target(
            @Nullable String model, @Nullable String rules, RunFolder folder, @Nullable S3Staging staging) {
        require("--parallel", parallel);
        require("--timeout", timeoutSeconds);
        require("--patience", patienceSeconds);
        return new Target.Options(
                Duration.ofSeconds(timeoutSeconds),
                Duration.ofSeconds(patienceSeconds),
                model,
                rules,
                folder.work(),
                staging);
    }

    private void require(String option, int value) {
        if (value < 1) {
            throw new ParameterException(command.commandLine(), option + " must be at least 1, got " + value);
        }
    }
}
