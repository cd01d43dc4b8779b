package org.medficientsam.eval.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.dataset.Dataset;
import org.medficientsam.eval.metric.MetricProtocol;
import org.medficientsam.eval.report.Report;
import org.medficientsam.eval.report.ScoredRun;
import org.medficientsam.eval.run.Run;
import org.medficientsam.eval.run.RunFolder;
import org.medficientsam.eval.target.Target;
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
            "Cold: a fresh process for every case. Warm: one served process for all. Ends by printing both tables."
        })
final class BenchmarkCommand implements Callable<Integer> {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--dataset",
            defaultValue = "phantoms",
            paramLabel = "ID",
            description = "An entry of the catalogue, or path:DIR (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String dataset;

    @Option(
            names = "--jar",
            defaultValue = "${env:MEDFICIENTSAM_JAR:-src/function/target/medficientsam-function-runner.jar}",
            paramLabel = "JAR",
            description =
                    "Serves when started plainly, segments one case when started with 'segment' (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Path jar;

    @Option(names = "--no-warm", description = "Only cold, for a jar that does not serve.")
    private boolean noWarm;

    @Option(names = "--no-gallery", description = "A report without pictures of cases.")
    private boolean noGallery;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of runs and report (default: out/benchmark-TIME).")
    private @Nullable Path chosenOut;

    @Mixin
    private final CatalogueOption catalogue = new CatalogueOption();

    @Mixin
    private final ModelOptions asked = new ModelOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path asked = chosenOut;
        Path out = asked == null
                ? Path.of("out", "benchmark-" + LocalDateTime.now().format(STAMP))
                : asked;
        PrintWriter printed = spec.commandLine().getOut();
        Dataset data = catalogue.open(dataset, out);
        List<Path> runs = new ArrayList<>();
        for (String kind : noWarm ? List.of("cold") : List.of("cold", "warm")) {
            runs.add(run(kind, out, data, printed));
        }
        List<ScoredRun> scored = ScoredRun.read(runs);
        Report report = new Report(scored);
        Path folder = out.resolve("report");
        report.write(folder, noGallery ? List.of() : scored.subList(0, 1));
        ReportCommand.print(report, folder, printed);
        return 0;
    }

    private Path run(String kind, Path out, Dataset data, PrintWriter printed)
            throws IOException, InterruptedException {
        RunFolder folder = new RunFolder(out.resolve(kind));
        Target.Options options = new Target.Options(
                Duration.ofMinutes(15), Duration.ofMinutes(2), asked.model, asked.rules, folder.work());
        Run run = new Run(
                folder,
                data,
                kind + ":" + jar,
                options,
                1,
                spec.commandLine().getParseResult().originalArgs());
        printed.printf("%s run of %s on %s%n", kind, jar.getFileName(), data.id());
        printed.flush();
        run.replay(printed);
        if (data.hasTruth()) {
            run.score(MetricProtocol.CVPR24);
        }
        return folder.path();
    }
}
