package org.medficientsam.eval.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.Progress;
import org.medficientsam.eval.dataset.Dataset;
import org.medficientsam.eval.run.RunFolder;
import org.medficientsam.eval.run.RunPlan;
import org.medficientsam.eval.target.S3Staging;
import org.medficientsam.eval.target.Target;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code run}: replays a data set through a target and scores what comes back. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        exitCodeOnExecutionException = PlannedRun.NONE,
        description = {
            "Replays a data set through the function, a row and a label map per case, and scores the label maps.",
            "Killed or stopped, the same command goes on where it was."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:every case was segmented",
            "1:some cases failed, or the run is not complete: nobody answers any more, the disk is full",
            "2:none could be run: the target does not come up or does not know the model or the rules, the data set is not"
                    + " here, the folder holds another run, the command line is wrong"
        })
final class RunCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--dataset",
            required = true,
            paramLabel = "ID",
            description = "An entry of the catalogue, or path:DIR for a folder.")
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
    private String target;

    @Option(names = "--out", required = true, paramLabel = "RUN", description = "The run's folder.")
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

    @Mixin
    private final CatalogueOption catalogue = new CatalogueOption();

    @Mixin
    private final GroupOption grouping = new GroupOption();

    @Mixin
    private final ModelOptions asked = new ModelOptions();

    @Mixin
    private final ProtocolOption scoring = new ProtocolOption();

    @Option(
            names = "--name",
            paramLabel = "TEXT",
            description = "What reports call it (default: made of model, rules and kind of target).")
    private @Nullable String name;

    @Mixin
    private final LimitOptions limits = new LimitOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        RunFolder folder = new RunFolder(out);
        Target.Options options = limits.target(asked.model, asked.rules, folder, staging(folder));
        Dataset data = grouping.of(catalogue.open(dataset, folder.path()));
        RunPlan plan = new RunPlan(
                folder,
                data,
                target,
                options,
                limits.parallel,
                name,
                limits.fresh,
                spec.commandLine().getParseResult().originalArgs());
        PlannedRun run = new PlannedRun(
                plan, spec.commandLine().getOut(), spec.commandLine().getErr());
        int status;
        try (ProgressBar progress = Progress.bar("run", data.cases().size())) {
            status = run.replay(progress::step);
        }
        if (status != PlannedRun.NONE) {
            try (ProgressBar progress = Progress.bar("score", data.cases().size())) {
                status = Math.max(status, run.score(scoring.protocol, progress::step));
            }
        }
        return status;
    }

    private @Nullable S3Staging staging(RunFolder folder) throws IOException {
        if (bucket == null) {
            return null;
        }
        return S3Staging.of(bucket, resultsBucket == null ? bucket : resultsBucket, folder.work());
    }
}
