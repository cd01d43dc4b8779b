package org.medficientsam.eval.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.dataset.Dataset;
import org.medficientsam.eval.metric.CaseScores;
import org.medficientsam.eval.metric.ScoreTable;
import org.medficientsam.eval.run.Run;
import org.medficientsam.eval.run.RunFolder;
import org.medficientsam.eval.target.S3Staging;
import org.medficientsam.eval.target.Target;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code run}: replays a data set through a target and scores what comes back. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Replays a data set through the function, a row and a label map per case, and scores the label maps.",
            "Killed or stopped, the same command goes on where it was."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:every case has its row, failed ones included",
            "1:the run is not complete: nobody answers, the disk is full, the data set is not here",
            "2:the command line is wrong"
        })
final class RunCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--dataset",
            required = true,
            paramLabel = "ID",
            description = "An entry of the catalogue, or path:DIR for a folder.")
    @SuppressWarnings("NullAway.Init")
    private String dataset;

    @Option(
            names = "--target",
            required = true,
            paramLabel = "TARGET",
            description = {
                "URL: a running function.",
                "warm:JAR: one process of the function, started and stopped by the run.",
                "cold:JAR: a fresh process per case, as the challenge measured; its run time and memory are the published kind.",
                "lambda:NAME: the function on Lambda, by name or ARN.",
                "batch:ARN: the state machine of infra/, all cases at once; needs --bucket."
            })
    @SuppressWarnings("NullAway.Init")
    private String target;

    @Option(names = "--out", required = true, paramLabel = "RUN", description = "The run's folder.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(
            names = "--bucket",
            paramLabel = "NAME",
            description = "Bucket for cases on their way to AWS, for batch: and what is too large for a Lambda event.")
    private @Nullable String bucket;

    @Option(
            names = "--results-bucket",
            paramLabel = "NAME",
            description = "Bucket for label maps on their way back (default: that of --bucket).")
    private @Nullable String resultsBucket;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "1",
            description = "Cases at a time (default: ${DEFAULT-VALUE}). More than one distorts the times.")
    private int parallel;

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

    @Mixin
    private final CatalogueOption catalogue = new CatalogueOption();

    @Mixin
    private final ModelOptions asked = new ModelOptions();

    @Mixin
    private final ProtocolOption scoring = new ProtocolOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        require("--parallel", parallel);
        require("--timeout", timeoutSeconds);
        require("--patience", patienceSeconds);
        RunFolder folder = new RunFolder(out);
        Dataset data = catalogue.open(dataset, folder.path());
        Target.Options options = new Target.Options(
                Duration.ofSeconds(timeoutSeconds),
                Duration.ofSeconds(patienceSeconds),
                asked.model,
                asked.rules,
                folder.work(),
                staging(folder));
        List<String> arguments = spec.commandLine().getParseResult().originalArgs();
        Run run = new Run(folder, data, target, options, parallel, arguments);
        PrintWriter printed = spec.commandLine().getOut();
        run.replay(printed);
        if (data.hasTruth()) {
            ScoreTable scores = run.score(scoring.protocol);
            printed.printf(
                    "protocol %s: mean DSC %s, mean NSD %s over %d cases%n",
                    scoring.protocol,
                    ScoreTable.fourPlaces(scores.mean(CaseScores::dsc)),
                    ScoreTable.fourPlaces(scores.mean(CaseScores::nsd)),
                    scores.cases().size());
        } else {
            printed.println("no ground truth in this data set: nothing to score");
        }
        printed.flush();
        return 0;
    }

    private @Nullable S3Staging staging(RunFolder folder) throws IOException {
        if (bucket == null) {
            return null;
        }
        return S3Staging.of(bucket, resultsBucket == null ? bucket : resultsBucket, folder.work());
    }

    private void require(String option, int value) {
        if (value < 1) {
            throw new ParameterException(spec.commandLine(), option + " must be at least 1, got " + value);
        }
    }
}
