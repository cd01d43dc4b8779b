package org.medficientsam.eval.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.PendingFile;
import org.medficientsam.eval.Progress;
import org.medficientsam.eval.metric.FolderScorer;
import org.medficientsam.eval.metric.ScoreTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code score}: DSC and NSD of a folder of predictions. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        description = {
            "Scores predictions (segs) against ground truth (gts), files of one name in two folders.",
            "A case that cannot be scored (its segs file missing or damaged, a shape that differs) scores zero,",
            "is named on standard error and in the details, and stops nothing."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:every case of gts has its row, failed ones included",
            "1:no table was written: a folder is missing or empty, the output cannot be written",
            "2:the command line is wrong"
        })
final class ScoreCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--segs",
            required = true,
            paramLabel = "DIR",
            description = "Folder of predictions: npz with segs.")
    private Path segs;

    @Option(
            names = "--gts",
            required = true,
            paramLabel = "DIR",
            description = "Folder of ground truth: npz with gts, and with spacing where a volume is to have an NSD.")
    private Path gts;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "CSV",
            description = "Table of cases: case,dsc,nsd, to four digits; an undefined figure is an empty cell.")
    private Path out;

    @Option(
            names = "--details",
            paramLabel = "CSV",
            description = "Table of labels: counts, areas, full precision, and why cases failed.")
    private @Nullable Path details;

    @Mixin
    private final ProtocolOption scoring = new ProtocolOption();

    @Override
    public Integer call() throws IOException {
        FolderScorer scorer = new FolderScorer(gts, segs, scoring.protocol);
        try (PendingFile cases = PendingFile.open(out);
                PendingFile labels = details == null ? null : PendingFile.open(details)) {
            ScoreTable table = score(scorer);
            cases.complete(table::writeCases);
            if (labels != null) {
                labels.complete(table::writeLabels);
            }
            ScoreSummary.print(
                    table, spec.commandLine().getOut(), spec.commandLine().getErr());
        }
        return 0;
    }

    private static ScoreTable score(FolderScorer scorer) {
        try (ProgressBar progress = Progress.bar("score", scorer.names().size())) {
            return scorer.score(progress::step);
        }
    }
}
