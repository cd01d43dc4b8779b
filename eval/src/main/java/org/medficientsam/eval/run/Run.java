package org.medficientsam.eval.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.PendingFile;
import org.medficientsam.eval.Progress;
import org.medficientsam.eval.dataset.Dataset;
import org.medficientsam.eval.dataset.DatasetCase;
import org.medficientsam.eval.metric.CaseScorer;
import org.medficientsam.eval.metric.CaseScores;
import org.medficientsam.eval.metric.MetricProtocol;
import org.medficientsam.eval.metric.ScoreTable;
import org.medficientsam.eval.target.Target;

/** A run from its first case to its scores, as the commands {@code run} and {@code benchmark} use it. */
public final class Run {

    private final RunFolder folder;
    private final Dataset dataset;
    private final String targetName;
    private final Target.Options options;
    private final int parallel;
    private final List<String> arguments;

    /** @param arguments of the command line, for the record */
    public Run(
            RunFolder folder,
            Dataset dataset,
            String targetName,
            Target.Options options,
            int parallel,
            List<String> arguments) {
        this.folder = folder;
        this.dataset = dataset;
        this.targetName = targetName;
        this.options = options;
        this.parallel = parallel;
        this.arguments = arguments;
    }

    /** Sends what is missing. */
    public void replay(PrintWriter printed) throws IOException, InterruptedException {
        try (Target target = Target.of(targetName, options)) {
            RunInfo info = begin(target);
            boolean wasComplete =
                    info.finished() != null && folder.readFinalRows().keySet().containsAll(dataset.names());
            List<CaseRow> rows;
            try (ProgressBar progress = Progress.bar("run", dataset.cases().size())) {
                rows = new Replay(dataset, target, folder, parallel).replay(row -> progress.step());
            }
            long lost = rows.stream().filter(row -> !row.isFinal()).count();
            if (lost > 0) {
                throw new IOException(
                        "%d of %d cases could not be stored (%s); free space and run the same command again"
                                .formatted(lost, rows.size(), firstError(rows, false)));
            }
            if (!wasComplete) {
                folder.writeInfo(info.finished(target.model()));
            }
            tell(rows, printed);
        }
        folder.sweep();
    }

    private static String firstError(List<CaseRow> rows, boolean isFinal) {
        return rows.stream()
                .filter(row -> row.isFinal() == isFinal && !row.ok())
                .map(CaseRow::error)
                .findFirst()
                .orElse("");
    }

    private static void tell(List<CaseRow> rows, PrintWriter printed) {
        List<CaseRow> failed = rows.stream().filter(row -> !row.ok()).toList();
        printed.printf("%d cases, %d failed%n", rows.size(), failed.size());
        failed.forEach(row -> printed.printf("  %s: %s%n", row.name(), row.error()));
        printed.flush();
    }

    /** A new run, or the one that is there if it is the same. */
    private RunInfo begin(Target target) throws IOException {
        RunInfo fresh = new RunInfo(
                RunInfo.DatasetInfo.of(dataset),
                targetName,
                null,
                options.rules(),
                parallel,
                target.peakRssMethod(),
                Machine.here(),
                Machine.jvm(),
                version(),
                Machine.commit(),
                arguments,
                RunInfo.now(),
                null);
        if (folder.exists()) {
            RunInfo there = folder.readInfo();
            requireSame("data set", there.dataset().id(), dataset.id());
            requireSame("target", there.target(), targetName);
            requireSame("rules", there.rules(), options.rules());
            return there;
        }
        folder.writeInfo(fresh);
        return fresh;
    }

    private void requireSame(String what, @Nullable String there, @Nullable String asked) {
        if (!Objects.equals(there, asked)) {
            throw new IllegalArgumentException("%s holds a run with %s %s, asked for %s: choose another --out"
                    .formatted(folder.path(), what, there, asked));
        }
    }

    /** Of the harness; {@code development} outside its jar. */
    public static String version() {
        @Nullable String version = Run.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Scores the label maps that are there; a case without one scores zero. */
    public ScoreTable score(MetricProtocol protocol) throws IOException {
        SortedMap<String, CaseScores> scores = new TreeMap<>();
        try (ProgressBar progress = Progress.bar("score", dataset.cases().size());
                PendingFile cases = PendingFile.open(folder.scores());
                PendingFile labels = PendingFile.open(folder.labels())) {
            for (DatasetCase each : dataset.cases()) {
                Path truth = each.truth();
                if (truth == null) {
                    continue;
                }
                Path truths = Objects.requireNonNull(truth.toAbsolutePath().getParent());
                scores.put(each.name(), new CaseScorer(truths, folder.segs(), protocol).score(each.name()));
                progress.step();
            }
            ScoreTable table = new ScoreTable(protocol, scores);
            cases.complete(table::writeCases);
            labels.complete(table::writeLabels);
            return table;
        }
    }
}
