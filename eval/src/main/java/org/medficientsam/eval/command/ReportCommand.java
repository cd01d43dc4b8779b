package org.medficientsam.eval.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.medficientsam.eval.report.Mark;
import org.medficientsam.eval.report.MarkdownWriter;
import org.medficientsam.eval.report.Report;
import org.medficientsam.eval.report.ScoredRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code report}: the tables of the MedficientSAM README with our rows in them. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Writes report.md, report.html (one file, works offline) and the tables as CSV.")
final class ReportCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "RUN", description = "Folders of finished runs.")
    @SuppressWarnings("NullAway.Init")
    private List<Path> runs;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of the report.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(
            names = "--no-gallery",
            description = "Without pictures of cases, so that the report may be passed on where the images may not.")
    private boolean noGallery;

    @Override
    public Integer call() throws IOException {
        write(runs, out, noGallery, spec.commandLine().getOut());
        return 0;
    }

    /** Writes the report on some runs, and prints both tables and where the rest is. */
    static void write(List<Path> runs, Path out, boolean noGallery, PrintWriter printed) throws IOException {
        List<ScoredRun> scored = ScoredRun.read(runs);
        Report report = new Report(scored);
        report.write(out, noGallery ? List.of() : scored.subList(0, 1));
        printed.println(MarkdownWriter.table(report.methods()));
        printed.println(MarkdownWriter.table(report.modalities()));
        printed.println(Mark.LEGEND);
        printed.printf("report: %s%n", out.resolve("report.html"));
        printed.flush();
    }
}
