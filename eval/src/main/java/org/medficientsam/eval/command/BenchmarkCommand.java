package org.medficientsam.eval.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.Progress;
import org.medficientsam.eval.dataset.Dataset;
import org.medficientsam.eval.metric.MetricProtocol;
import org.medficientsam.eval.run.RunFolder;
import org.medficientsam.eval.run.RunPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code benchmark}: phantoms, a cold run, a warm run, scores and report in one go. */
@Command(
        name = "benchmark",
        mixinStandardHelpOptions = true,
        description = {
            "Measures a jar of the function, cold and warm, and writes the report.",
            "Cold: a fresh process for every case. Warm: one served process for all. Ends by printing the scores and where the report is."
        },
        exitCodeOnExecutionException = PlannedRun.NONE,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:every case was segmented in both runs",
            "1:some cases failed, or a run is not complete, or the report could not be written",
            "2:none could be run, the data set is not here, the command line is wrong"
        })
final class BenchmarkCommand implements Callable<Integer> {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--dataset",
            defaultValue = "phantoms",
            paramLabel = "ID",
            description = "An entry of the catalogue, or path:DIR (default: ${DEFAULT-VALUE}).")
    private String dataset;

    @Option(
            names = "--jar",
            defaultValue = "${env:MEDFICIENTSAM_JAR:-src/function/target/medficientsam-function-runner.jar}",
            paramLabel = "JAR",
            description =
                    "Serves when started plainly, segments one case when started with 'segment' (default: ${DEFAULT-VALUE}).")
    private Path jar;

    @Option(names = "--no-warm", description = "Only cold, for a jar that does not serve.")
    private boolean noWarm;

    @Mixin
    private final PictureOptions pictures = new PictureOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of runs and report (default: out/benchmark-TIME).")
    private @Nullable Path chosenOut;

    @Mixin
    private final CatalogueOption catalogue = new CatalogueOption();

    @Mixin
    private final ModelOptions asked = new ModelOptions();

    @Mixin
    private final LimitOptions limits = new LimitOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path chosen = chosenOut;
        Path out = chosen == null
                ? Path.of("out", "benchmark-" + LocalDateTime.now().format(STAMP))
                : chosen;
        Dataset data = catalogue.open(dataset, out);
        List<Path> runs = new ArrayList<>();
        int status = PlannedRun.ALL;
        for (String kind : noWarm ? List.of("cold") : List.of("cold", "warm")) {
            int done = run(kind, new RunFolder(out.resolve(kind)), data);
            if (done == PlannedRun.NONE) {
                return done;
            }
            status = Math.max(status, done);
            runs.add(out.resolve(kind));
        }
        return Math.max(
                status,
                ReportCommand.ofRuns(
                        runs,
                        out.resolve("report"),
                        pictures,
                        null,
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr()));
    }

    private int run(String kind, RunFolder folder, Dataset data) throws IOException, InterruptedException {
        PrintWriter printed = spec.commandLine().getOut();
        printed.printf("%s run of %s on %s%n", kind, jar.getFileName(), data.id());
        printed.flush();
        RunPlan plan = new RunPlan(
                folder,
                data,
                kind + ":" + jar,
                limits.target(asked.model, asked.rules, folder, null),
                limits.parallel,
                null,
                limits.fresh,
                spec.commandLine().getParseResult().originalArgs());
        PlannedRun run = new PlannedRun(plan, printed, spec.commandLine().getErr());
        int status;
        try (ProgressBar progress = Progress.bar(kind, 2L * data.cases().size())) {
            status = run.replay(progress::step);
            if (status != PlannedRun.NONE) {
                status = Math.max(status, run.score(MetricProtocol.CVPR24, progress::step));
            }
        }
        return status;
    }
}
