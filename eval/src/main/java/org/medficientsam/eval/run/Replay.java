package org.medficientsam.eval.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.VolumeCase;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.eval.Failures;
import org.medficientsam.eval.dataset.Dataset;
import org.medficientsam.eval.dataset.DatasetCase;
import org.medficientsam.eval.target.CaseOutcome;
import org.medficientsam.eval.target.CaseOutcome.Failed;
import org.medficientsam.eval.target.CaseOutcome.Segmented;
import org.medficientsam.eval.target.Target;
import org.medficientsam.eval.target.TargetUnavailableException;

/** Sends the cases of a data set that a run folder does not hold yet, so many at a time, and records each. */
final class Replay {

    private final Dataset dataset;
    private final Target target;
    private final RunFolder run;
    private final ModelGuard guard;
    private final int parallel;

    Replay(Dataset dataset, Target target, RunFolder run, ModelGuard guard, int parallel) {
        this.dataset = dataset;
        this.target = target;
        this.run = run;
        this.guard = guard;
        this.parallel = parallel;
    }

    /** Called as cases are settled; those settled before count at once. */
    interface Listener {
        void settled(CaseRow row);
    }

    /**
     * @return a row per case, all final unless the disk refused some
     * @throws TargetUnavailableException if the target stopped answering; what was recorded stays
     * @throws IOException if not even a row can be recorded
     */
    List<CaseRow> replay(Listener listener) throws IOException, InterruptedException {
        Files.createDirectories(run.work());
        Map<String, CaseRow> rows = new LinkedHashMap<>();
        try (RunFolder.Journal journal = run.openJournal()) {
            Map<String, CaseRow> done = run.readFinalRows();
            List<DatasetCase> missing = new ArrayList<>();
            for (DatasetCase each : dataset.cases()) {
                CaseRow row = done.get(each.name());
                if (row == null) {
                    missing.add(each);
                } else {
                    rows.put(row.name(), row);
                    listener.settled(row);
                }
            }
            if (!missing.isEmpty()) {
                target.announce(missing, run.work());
                sendAll(missing, journal, row -> {
                    rows.put(row.name(), row);
                    listener.settled(row);
                });
            }
        }
        run.compact(rows.values());
        return List.copyOf(rows.values());
    }

    private void sendAll(List<DatasetCase> cases, RunFolder.Journal journal, Listener settled)
            throws IOException, InterruptedException {
        ExecutorService workers = Executors.newFixedThreadPool(parallel);
        try {
            var completed = new ExecutorCompletionService<CaseRow>(workers);
            List<Future<CaseRow>> submitted = new ArrayList<>();
            for (DatasetCase each : cases) {
                submitted.add(completed.submit(() -> send(each, journal)));
            }
            for (int i = 0; i < submitted.size(); i++) {
                settled.settled(completed.take().get());
            }
        } catch (ExecutionException failure) {
            rethrow(failure.getCause());
        } finally {
            workers.shutdownNow();
        }
    }

    private static void rethrow(@Nullable Throwable cause) throws IOException {
        if (cause instanceof IOException io) {
            throw io;
        }
        if (cause instanceof UncheckedIOException io) {
            throw io.getCause();
        }
        if (cause instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException(cause);
    }

    private CaseRow send(DatasetCase each, RunFolder.Journal journal) throws IOException, InterruptedException {
        CaseRow row;
        try {
            Path input = each.input(run.work());
            try {
                row = send(each, input);
            } finally {
                if (!input.equals(each.image())) {
                    Files.deleteIfExists(input);
                }
            }
        } catch (InvalidCaseException unreadable) {
            row = CaseRow.of(each, "", Files.size(each.image()), new Failed(0, 0, "npz: " + unreadable.getMessage()));
        }
        journal.append(row);
        return row;
    }

    private CaseRow send(DatasetCase each, Path input) throws IOException, InterruptedException {
        ImageShape shape = ImageShape.of(input);
        CaseOutcome outcome = checked(target.segment(input), shape);
        guard.check(target.answered());
        CaseRow row = CaseRow.of(each, shape.toString(), Files.size(input), outcome);
        if (outcome instanceof Segmented segmented) {
            try {
                run.writeSegs(each.name(), segmented.segs());
            } catch (IOException full) {
                return row.notStored(Failures.describe(full));
            }
        }
        return row;
    }

    /** An answer that is no label map of this image is a failure of the function. */
    private static CaseOutcome checked(CaseOutcome outcome, ImageShape image) {
        if (!(outcome instanceof Segmented segmented)) {
            return outcome;
        }
        try {
            int[] shape =
                    Npz.read(segmented.segs(), Limits.LOCAL, "segs").get("segs").shape();
            if (image.isKnown() && !Arrays.equals(shape, image.labelShape())) {
                return new Failed(
                        outcome.seconds(),
                        outcome.attempts(),
                        "answer: segs must be %s, got %s"
                                .formatted(Arrays.toString(image.labelShape()), Arrays.toString(shape)));
            }
            return outcome;
        } catch (InvalidCaseException garbled) {
            return new Failed(outcome.seconds(), outcome.attempts(), "answer: " + garbled.getMessage());
        }
    }

    /** Voxels of an input, as its label map must have them; unknown if the harness cannot read it, which is no verdict. */
    private record ImageShape(int... labelShape) {

        static ImageShape of(Path input) throws IOException {
            try {
                CaseFile read = CaseNpz.read(input, Limits.DEFAULT);
                int height = read.image().height();
                int width = read.image().width();
                return (read instanceof VolumeCase)
                        ? new ImageShape(read.image().depth(), height, width)
                        : new ImageShape(height, width);
            } catch (InvalidCaseException theTargetWillSay) {
                return new ImageShape();
            }
        }

        boolean isKnown() {
            return labelShape.length > 0;
        }

        @Override
        public String toString() {
            return Arrays.stream(labelShape)
                    .mapToObj(Integer::toString)
                    .reduce((a, b) -> a + "x" + b)
                    .orElse("");
        }
    }
}
