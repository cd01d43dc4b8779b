package org.medficientsam.segmenter.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.VolumeCase;
import org.medficientsam.imagefile.PreparedCase;
import org.medficientsam.imagefile.ResultFile;
import org.medficientsam.segmenter.PeakRss;
import org.medficientsam.segmenter.Segmenter;
import org.medficientsam.segmenter.SegmenterOptions;
import org.medficientsam.segmenter.bundle.ModelBundle;

/** One case of a command, from its file to its label map. */
final class FileRun {
    /** Bytes from which on reading takes long enough to be watched. */
    private static final long LARGE = 32 << 20;

    private final long start = System.nanoTime();
    private final Path bundle;
    private final SegmenterOptions options;
    private final CaseReading reading;
    private final boolean quiet;

    FileRun(Path bundle, SegmenterOptions options, CaseReading reading, boolean quiet) {
        this.bundle = bundle;
        this.options = options;
        this.reading = reading;
        this.quiet = quiet;
    }

    /** @return whether it was segmented */
    boolean file(Path input, Path output, Optional<Path> overlay) {
        // Meanwhile: a cold JVM takes a while to read YAML.
        FutureTask<ModelBundle> opening = new FutureTask<>(() -> ModelBundle.open(bundle, options.fileCheck()));
        Thread beside = new Thread(opening, "bundle");
        beside.setDaemon(true);
        beside.start();
        // Read first: a volume needs another encoder than an image, and a bad case needs none.
        AtomicReference<@Nullable PreparedCase> read = new AtomicReference<>();
        if (failed(input, () -> {
            CasePaths.requireReadable(input);
            PreparedCase prepared = read(input);
            // Before the model has run for nothing.
            ResultFile.of(output).requireHolds(prepared.caseFile().image().depth());
            read.set(prepared);
        })) return false;
        PreparedCase prepared = Objects.requireNonNull(read.get());
        CaseJob.told(input, prepared).ifPresent(System.out::println);
        CaseFile caseFile = prepared.caseFile();
        boolean volume = caseFile instanceof VolumeCase;
        boolean failed;
        try (Segmenter segmenter = Segmenter.open(opened(opening), volume ? options.forVolumesOnly() : options);
                ConsoleBar bar = volume && !quiet
                        ? ConsoleBar.open(CasePaths.shown(CasePaths.name(input)), "slices", 0)
                        : ConsoleBar.NONE) {
            failed = failed(
                    input, () -> CaseJob.write(segmenter.segment(caseFile, bar::steps), prepared, output, overlay));
        }
        report(failed ? 0 : 1, 1, start);
        return !failed;
    }

    private static ModelBundle opened(FutureTask<ModelBundle> opening) {
        try {
            return opening.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException ours) throw ours;
            throw new IllegalStateException("a bundle must be opened or refused", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private PreparedCase read(Path input) throws IOException {
        long bytes = Files.isDirectory(input) ? 0 : Files.size(input);
        if (quiet || bytes < LARGE) return reading.read(input, false, read -> {});
        try (ConsoleBar bar = ConsoleBar.open(CasePaths.shown(CasePaths.name(input)), "MiB read", 0)) {
            return reading.read(input, false, read -> bar.steps((int) (read >> 20), (int) (bytes >> 20)));
        }
    }

    private static boolean failed(Path input, CaseJob.Work work) {
        Optional<String> failure = CaseJob.attempt(work);
        failure.ifPresent(reason -> System.err.printf("%s: %s%n", CasePaths.shown(CasePaths.name(input)), reason));
        return failure.isPresent();
    }

    /** The line that every command ends with. */
    static void report(int done, int cases, long startNanos) {
        OptionalLong bytes = PeakRss.bytes();
        String rss = bytes.isPresent() ? (bytes.getAsLong() >> 20) + " MiB" : "unknown";
        // Without a formatter, which takes a start longer than the label map's writing.
        System.out.println(done + " of " + cases + (cases == 1 ? " case in " : " cases in ")
                + hundredths(System.nanoTime() - startNanos) + " s, peak RSS " + rss);
    }

    private static String hundredths(long nanos) {
        long rounded = (nanos + 5_000_000) / 10_000_000;
        return rounded / 100 + "." + rounded / 10 % 10 + rounded % 10;
    }
}
