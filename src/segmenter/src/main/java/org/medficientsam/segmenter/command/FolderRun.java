package org.medficientsam.segmenter.command;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.imagefile.PreparedCase;
import org.medficientsam.imagefile.ResultFile;
import org.medficientsam.segmenter.Segmentation;
import org.medficientsam.segmenter.Segmenter;
import org.medficientsam.segmenter.SegmenterOptions;

/**
 * The cases of a folder: one model for all, several at a time, a failure told in one line and never the end. A run that was killed
 * goes on where it was, as a label map that is there is whole.
 */
final class FolderRun {
    /** Those of the answers that {@link ResultFile#like} chooses. */
    private static final List<String> ENDINGS = List.of(".npz", ".nii.gz", ".png");

    /** Failures that the summary names. */
    private static final int NAMED = 20;

    /**
     * @param jobs cases at a time
     * @param resume whether cases whose label map is there are left out, and a log is kept
     */
    record Plan(Path input, Path output, Optional<Path> overlays, int jobs, boolean resume, Shard shard) {}

    private final long start = System.nanoTime();
    private final Path bundle;
    private final SegmenterOptions options;
    private final CaseReading reading;
    private final boolean quiet;
    private final Plan plan;
    private final List<String> failures = new ArrayList<>();
    private Map<Path, String> stems = Map.of();
    private final DoubleSummaryStatistics seconds = new DoubleSummaryStatistics(); // of those segmented
    private int segmented;

    FolderRun(Path bundle, SegmenterOptions options, CaseReading reading, boolean quiet, Plan plan) {
        this.bundle = bundle;
        this.options = options;
        this.reading = reading;
        this.quiet = quiet;
        this.plan = plan;
    }

    /**
     * @return whether all cases were segmented
     * @throws IllegalArgumentException if the output holds results of another model or of other settings
     */
    boolean run() {
        List<Path> cases;
        try {
            cases = CaseReading.images(plan.input);
        } catch (IOException e) {
            System.err.printf("%s cannot be listed%n", CasePaths.shown(plan.input.toString()));
            return false;
        }
        if (cases.isEmpty()) {
            System.err.printf("%s has no image that can be read%n", CasePaths.shown(plan.input.toString()));
            return false;
        }
        stems = CaseReading.stems(cases);
        List<Path> ours = plan.shard.of(cases);
        List<Path> done = plan.resume ? ours.stream().filter(this::isDone).toList() : List.of();
        Set<Path> there = new HashSet<>(done);
        List<Path> open = ours.stream().filter(file -> !there.contains(file)).toList();
        try (Segmenter segmenter = Segmenter.open(bundle, options)) {
            segmentAll(segmenter, open, done);
        } catch (IOException e) {
            System.err.printf(
                    "%s: the log cannot be written (%s)%n",
                    CasePaths.shown(plan.output.toString()), CasePaths.reason(e));
            return false;
        }
        summarise(ours.size(), ours.size() - open.size());
        return failures.isEmpty();
    }

    private Path output(Path file, String ending) {
        return plan.output.resolve(stems.getOrDefault(file, CasePaths.name(file)) + ending);
    }

    private boolean isDone(Path file) {
        return ENDINGS.stream().anyMatch(ending -> Files.isRegularFile(output(file, ending)));
    }

    private void segmentAll(Segmenter segmenter, List<Path> cases, List<Path> done) throws IOException {
        try (@Nullable CaseLog log = plan.resume ? log(segmenter, done) : null;
                ConsoleBar bar = quiet ? ConsoleBar.NONE : ConsoleBar.open("segment", "cases", cases.size())) {
            AtomicInteger next = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int job = 0; job < Math.min(plan.jobs, cases.size()); job++) {
                Thread thread = new Thread(
                        () -> {
                            for (int i = next.getAndIncrement(); i < cases.size(); i = next.getAndIncrement())
                                segment(segmenter, cases.get(i), log, bar);
                        },
                        "case-" + job);
                thread.setDaemon(true);
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private CaseLog log(Segmenter segmenter, List<Path> done) throws IOException {
        CaseLog log = CaseLog.open(
                plan.output,
                plan.shard,
                new CaseLog.Identity(
                        segmenter.bundle().id(),
                        segmenter.bundle().sha256(),
                        segmenter.rules().name(),
                        settings()));
        for (Path file : done) log.found(CasePaths.name(file));
        return log;
    }

    private String settings() throws IOException {
        String settings = reading.settings();
        return options.mostWindows().isPresent()
                ? "%s; at most %d closer looks"
                        .formatted(settings, options.mostWindows().getAsInt())
                : settings;
    }

    private void segment(Segmenter segmenter, Path file, @Nullable CaseLog log, ConsoleBar bar) {
        long begin = System.nanoTime();
        String name = CasePaths.name(file);
        bar.say(CasePaths.shown(name));
        Optional<String> failure;
        try {
            failure = CaseJob.attempt(() -> {
                CasePaths.requireReadable(file);
                PreparedCase prepared = reading.read(file, true, bytes -> {});
                CaseJob.told(file, prepared).ifPresent(System.out::println);
                CaseFile caseFile = prepared.caseFile();
                Segmentation result =
                        plan.jobs == 1 ? segmenter.segment(caseFile, bar::within) : segmenter.segment(caseFile);
                Path answer = output(file, ResultFile.like(prepared.form()).ending());
                Path picture = output(file, ".png").getFileName();
                CaseJob.write(result, prepared, answer, plan.overlays.map(o -> o.resolve(picture)));
            });
        } catch (RuntimeException e) { // ours, but nine thousand other cases are not to wait for its mending
            failure = Optional.of("failed (%s)".formatted(e.getClass().getSimpleName()));
        }
        settle(name, (System.nanoTime() - begin) / 1e9, failure, log);
        bar.step();
    }

    private synchronized void settle(String name, double seconds, Optional<String> failure, @Nullable CaseLog log) {
        if (failure.isPresent()) {
            System.err.printf("%s: %s%n", CasePaths.shown(name), failure.get());
            failures.add(CasePaths.shown(name));
        } else {
            segmented++;
            this.seconds.accept(seconds);
        }
        try {
            if (log != null) log.add(name, seconds, failure);
        } catch (IOException e) {
            System.err.printf(
                    "%s: its row in the log cannot be written (%s)%n", CasePaths.shown(name), CasePaths.reason(e));
        }
    }

    /** A table where there is more to say than one line holds. */
    private void summarise(int cases, int before) {
        if (plan.resume || plan.jobs > 1 || plan.shard.count() > 1) {
            double perSecond = segmented / ((System.nanoTime() - start) / 1e9);
            System.out.printf(
                    "%8s %8s %8s %9s %8s %9s %12s %10s%n",
                    "cases", "shard", "before", "segmented", "failed", "cases/s", "s per case", "longest, s");
            System.out.printf(
                    Locale.ROOT,
                    "%8d %8s %8d %9d %8d %9.2f %12.3f %10.3f%n",
                    cases,
                    plan.shard,
                    before,
                    segmented,
                    failures.size(),
                    perSecond,
                    seconds.getAverage(),
                    segmented == 0 ? 0 : seconds.getMax());
            failures.stream().sorted().limit(NAMED).forEach(name -> System.out.printf("  failed: %s%n", name));
            if (failures.size() > NAMED) System.out.printf("  and %d more%n", failures.size() - NAMED);
        }
        FileRun.report(before + segmented, cases, start);
    }
}
