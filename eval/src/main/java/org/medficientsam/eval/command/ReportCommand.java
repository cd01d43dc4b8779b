package org.medficientsam.eval.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.Failures;
import org.medficientsam.eval.Progress;
import org.medficientsam.eval.dataset.CaseGroups;
import org.medficientsam.eval.report.MarkdownWriter;
import org.medficientsam.eval.report.Report;
import org.medficientsam.eval.report.table.ScoredRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code report}: the tables of the MedficientSAM README with our rows in them. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = {
            "Writes report.html (works offline), report.md, tables as CSV and LaTeX, plots, and a picture of each case.",
            "Several runs are compared case by case; differences are taken from the first."
        })
final class ReportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "RUN", description = "Folders of finished runs.")
    private List<Path> runs;

    @Option(
            names = "--times",
            paramLabel = "RUN",
            description =
                    "Cold run, perhaps on fewer cases, whose times and memory are those of the run of the same bundle and rules;"
                            + " once per run.")
    private List<Path> times = List.of();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of the report.")
    private Path out;

    @Mixin
    private final GroupOption grouping = new GroupOption();

    @Mixin
    private final PictureOptions pictures = new PictureOptions();

    @Override
    public Integer call() throws IOException {
        write(runs, times, out, pictures, grouping.groups(), spec.commandLine().getOut());
        return 0;
    }

    /**
     * The report on runs that have just been made, which are not lost where it cannot be written.
     *
     * @return {@link PlannedRun#ALL}, or {@link PlannedRun#SOME} if it could not be written, which is told
     */
    static int ofRuns(
            List<Path> runs,
            Path out,
            PictureOptions pictures,
            @Nullable CaseGroups groups,
            PrintWriter printed,
            PrintWriter err) {
        try {
            write(runs, List.of(), out, pictures, groups, printed);
            return PlannedRun.ALL;
        } catch (IOException | UncheckedIOException refused) {
            err.printf("error: cannot write the report %s: %s%n", out, Failures.describe(refused));
            err.flush();
            return PlannedRun.SOME;
        }
    }

    /**
     * Writes the report on some runs, and prints its table, its summary and where the rest is.
     *
     * @param times runs that times are taken from, see {@link ScoredRun#timed}
     * @param groups which cases are of one patient; null for what each run noted
     */
    static void write(
            List<Path> runs,
            List<Path> times,
            Path out,
            PictureOptions pictures,
            @Nullable CaseGroups groups,
            PrintWriter printed)
            throws IOException {
        Report report = new Report(ScoredRun.timed(ScoredRun.read(runs, groups), ScoredRun.read(times)));
        if (pictures.most() > 0) {
            try (ProgressBar progress = Progress.bar("pictures", report.pictures(pictures.most()))) {
                report.draw(out, pictures.most(), progress::step);
            }
        }
        report.write(out);
        printed.println(MarkdownWriter.table(report.modalities()));
        report.summary().forEach(printed::println);
        printed.printf("report: %s%n", out.resolve("report.html"));
        printed.flush();
    }
}
