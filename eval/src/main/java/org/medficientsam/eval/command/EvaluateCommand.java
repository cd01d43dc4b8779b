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
import org.medficientsam.eval.run.RunFolder;
import org.medficientsam.eval.run.RunPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code evaluate}: from a folder of cases to the report on some models, in one go. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        exitCodeOnExecutionException = PlannedRun.NONE,
        description = {
            "Runs models over a folder of cases, scores and compares them, and writes the report.",
            "The folder holds npz, pairs of NIfTI files, or pictures with masks (see --mask-suffix, --labels, --modality).",
            "Killed or stopped, the same command with the same --out goes on where it was."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:every case of every model was segmented",
            "1:some cases failed, or a run is not complete, or the report could not be written",
            "2:a model could not be run at all, the data set is not here, the command line is wrong"
        })
final class EvaluateCommand implements Callable<Integer> {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Folder of cases with their ground truth.")
    private Path folder;

    @Option(
            names = "--model",
            split = ",",
            required = true,
            paramLabel = "BUNDLE",
            description = "Bundles to run, in the order of the report's columns; differences are taken from the first.")
    private List<String> models = List.of();

    @Option(
            names = "--name",
            split = ",",
            paramLabel = "TEXT",
            description = "What the report calls them (default: their ids).")
    private List<String> names = List.of();

    @Option(
            names = "--rules",
            paramLabel = "NAME",
            description = "Rules to ask for, of all of them (default: each bundle's own).")
    private @Nullable String rules;

    @Option(
            names = "--target",
            paramLabel = "TARGET",
            defaultValue = "warm:${env:MEDFICIENTSAM_JAR:-src/function/target/medficientsam-function-runner.jar}",
            description = "As in 'run' (default: ${DEFAULT-VALUE}).")
    private String target;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of runs and report (default: out/evaluate-TIME).")
    private @Nullable Path chosenOut;

    @Mixin
    private final LimitOptions limits = new LimitOptions();

    @Mixin
    private final ProtocolOption scoring = new ProtocolOption();

    @Mixin
    private final PictureOptions pictures = new PictureOptions();

    @Mixin
    private final GroupOption grouping = new GroupOption();

    @Mixin
    private final LayoutOptions layout = new LayoutOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!names.isEmpty() && names.size() != models.size()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--name must be %d names, one per --model, got %d".formatted(models.size(), names.size()));
        }
        requireModels();
        Path chosen = chosenOut;
        Path out = chosen == null
                ? Path.of("out", "evaluate-" + LocalDateTime.now().format(STAMP))
                : chosen;
        Dataset data = grouping.of(layout.open(folder, out));
        PrintWriter printed = spec.commandLine().getOut();
        List<PlannedRun> planned = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            planned.add(new PlannedRun(
                    plan(run(out, i), data, i), printed, spec.commandLine().getErr()));
        }
        // Before hours are spent on the first, whether all of them can be run.
        for (int i = 0; models.size() > 1 && i < models.size(); i++) {
            if (planned.get(i).isRefused()) {
                return PlannedRun.NONE;
            }
        }
        List<Path> runs = new ArrayList<>();
        int status = PlannedRun.ALL;
        try (ProgressBar progress =
                Progress.bar("evaluate", 2L * models.size() * data.cases().size())) {
            for (int i = 0; i < models.size(); i++) {
                printed.printf("%s (%d of %d): ", models.get(i), i + 1, models.size());
                int done = planned.get(i).replay(progress::step);
                if (done == PlannedRun.NONE) {
                    return done;
                }
                status = Math.max(status, done);
                status = Math.max(status, planned.get(i).score(scoring.protocol, progress::step));
                runs.add(run(out, i).path());
            }
        }
        return Math.max(
                status,
                ReportCommand.ofRuns(
                        runs,
                        out.resolve("report"),
                        pictures,
                        grouping.groups(),
                        printed,
                        spec.commandLine().getErr()));
    }

    /** Each has a folder of its name. */
    private void requireModels() {
        for (int i = 0; i < models.size(); i++) {
            String model = models.get(i);
            if (!model.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
                throw new ParameterException(
                        spec.commandLine(), "--model must be ids of bundles, got '%s'".formatted(model));
            }
            if (models.indexOf(model) < i) {
                throw new ParameterException(
                        spec.commandLine(), "--model must name each bundle once, got %s twice".formatted(model));
            }
        }
    }

    private RunFolder run(Path out, int model) {
        return new RunFolder(out.resolve("runs").resolve(models.get(model)));
    }

    private RunPlan plan(RunFolder run, Dataset data, int model) {
        return new RunPlan(
                run,
                data,
                target,
                limits.target(models.get(model), rules, run, null),
                limits.parallel,
                names.isEmpty() ? models.get(model) : names.get(model),
                limits.fresh,
                spec.commandLine().getParseResult().originalArgs());
    }
}
