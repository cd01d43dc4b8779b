package org.medficientsam.eval.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.PendingFile;
import org.medficientsam.eval.dataset.Dataset;
import org.medficientsam.eval.dataset.DatasetCase;
import org.medficientsam.eval.metric.CaseScorer;
import org.medficientsam.eval.metric.CaseScores;
import org.medficientsam.eval.metric.MetricProtocol;
import org.medficientsam.eval.metric.ScoreTable;
import org.medficientsam.eval.target.Target;

/** A run from its first case to its scores, as the commands {@code run}, {@code benchmark} and {@code evaluate} use it. */
public final class Run {

    private final RunPlan plan;
    private final RunFolder folder;
    private final Dataset dataset;

    /** @param plan what it is to be */
    public Run(RunPlan plan) {
        this.plan = plan;
        folder = plan.folder();
        dataset = plan.dataset();
    }

    /**
     * Sends what is missing.
     *
     * @param settled called per case, those of an earlier attempt at the run included
     * @return a row per case
     * @throws IOException if another harness is at work in the folder
     * @throws IllegalArgumentException if the folder holds another run; nothing was sent then
     * @throws TargetRefusesException if the target does not know the model or the rules; nothing was sent then
     * @throws org.medficientsam.eval.target.TargetUnavailableException if nobody answers, or another bundle than before
     */
    public List<CaseRow> replay(Runnable settled) throws IOException, InterruptedException {
        try (RunFolder.Claim claim = folder.claim()) {
            if (plan.fresh() && folder.exists()) {
                claim.clear();
            }
            List<CaseRow> rows;
            try (Target target = Target.of(plan.target(), plan.options())) {
                rows = replay(target, begin(opened(target)), settled);
            }
            claim.sweep();
            return rows;
        }
    }

    /**
     * Sees that the run can be begun, or gone on with, and sends no case.
     *
     * @throws IllegalArgumentException if the folder holds another run
     * @throws TargetRefusesException if the target does not know the model or the rules
     * @throws org.medficientsam.eval.target.TargetUnavailableException if nobody answers
     */
    public void check() throws IOException, InterruptedException {
        try (RunFolder.Claim claim = folder.claim()) {
            try (Target target = Target.of(plan.target(), plan.options())) {
                RunInfo asked = opened(target);
                if (isBegun()) {
                    requireSame(folder.readInfo(), asked);
                }
            }
            claim.sweep();
        }
    }

    /** Whether a run is recorded here, which this one must be the same as. */
    private boolean isBegun() {
        return folder.exists() && !plan.fresh();
    }

    /** Opens the target. @return what is asked of it, with the model that will answer */
    private RunInfo opened(Target target) throws IOException, InterruptedException {
        RunInfo asked = asked(target);
        // Once before anything is started, as most conflicts need no target to be seen.
        if (isBegun()) {
            requireSame(folder.readInfo(), asked);
        }
        Files.createDirectories(folder.work());
        target.open();
        probe(target);
        return asked.answeredBy(target.model());
    }

    private boolean isComplete(RunInfo there) throws IOException {
        return there.finished() != null && folder.readFinalRows().keySet().containsAll(dataset.names());
    }

    private List<CaseRow> replay(Target target, RunInfo info, Runnable settled)
            throws IOException, InterruptedException {
        boolean wasComplete = isComplete(info);
        ModelGuard guard = new ModelGuard(folder, info);
        List<CaseRow> rows = new Replay(dataset, target, folder, guard, plan.parallel()).replay(row -> settled.run());
        long lost = rows.stream().filter(row -> !row.isFinal()).count();
        if (lost > 0) {
            throw new IOException("%d of %d cases could not be stored (%s); free space and run the same command again"
                    .formatted(lost, rows.size(), firstNotStored(rows)));
        }
        if (!wasComplete) {
            folder.writeInfo(guard.info().finished(target.model()));
        }
        return rows;
    }

    private void probe(Target target) throws IOException, InterruptedException {
        List<String> asked = new ArrayList<>();
        if (plan.options().model() != null) {
            asked.add("model " + plan.options().model());
        }
        if (plan.options().rules() != null) {
            asked.add("rules " + plan.options().rules());
        }
        if (!asked.isEmpty()) {
            Probe.send(target, folder.work(), String.join(", ", asked));
        }
    }

    private static String firstNotStored(List<CaseRow> rows) {
        return rows.stream()
                .filter(row -> !row.isFinal())
                .map(CaseRow::error)
                .findFirst()
                .orElse("");
    }

    /** What the command line asks for; the model is not known before the target is asked. */
    private RunInfo asked(Target target) throws IOException {
        Target.Options options = plan.options();
        return new RunInfo(
                plan.name(),
                RunInfo.DatasetInfo.of(dataset),
                plan.target(),
                null,
                options.rules(),
                plan.parallel(),
                Math.toIntExact(options.timeout().toSeconds()),
                target.peakRssMethod(),
                Machine.here(),
                Machine.jvm(),
                version(),
                Machine.commit(),
                plan.arguments(),
                RunInfo.now(),
                null);
    }

    /** A new run, or the one that is there if it is the same. */
    private RunInfo begin(RunInfo asked) throws IOException {
        if (folder.exists()) {
            RunInfo there = folder.readInfo();
            requireSame(there, asked);
            return there;
        }
        folder.writeInfo(asked);
        return asked;
    }

    private void requireSame(RunInfo there, RunInfo asked) {
        Optional<String> conflict = RunIdentity.of(there).conflictWith(RunIdentity.of(asked));
        if (conflict.isPresent()) {
            throw new IllegalArgumentException(
                    "%s holds %s. Give another --out, or --fresh to start over in this folder"
                            .formatted(folder.path(), conflict.get()));
        }
    }

    /** Of the harness; {@code development} outside its jar. */
    public static String version() {
        @Nullable String version = Run.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /**
     * Scores the label maps that are there; a case without one scores zero.
     *
     * @param scored called per case
     */
    public ScoreTable score(MetricProtocol protocol, Runnable scored) throws IOException {
        SortedMap<String, CaseScores> scores = new TreeMap<>();
        try (PendingFile cases = PendingFile.open(folder.scores());
                PendingFile labels = PendingFile.open(folder.labels())) {
            for (DatasetCase each : dataset.cases()) {
                Path truth = each.truth();
                if (truth != null) {
                    Path truths = Objects.requireNonNull(truth.toAbsolutePath().getParent());
                    CaseScores found = new CaseScorer(truths, folder.segs(), protocol).score(each.name());
                    scores.put(each.name(), found.comparedWith(each.boxes()));
                }
                scored.run();
            }
            ScoreTable table = new ScoreTable(protocol, scores);
            cases.complete(table::writeCases);
            labels.complete(table::writeLabels);
            return table;
        }
    }
}
