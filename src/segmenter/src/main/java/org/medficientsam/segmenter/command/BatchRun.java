package org.medficientsam.segmenter.command;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.VolumeCase;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.casefile.npz.LabelMapNpz;
import org.medficientsam.casefile.overlay.Overlay;
import org.medficientsam.segmenter.PeakRss;
import org.medficientsam.segmenter.Segmentation;
import org.medficientsam.segmenter.Segmenter;
import org.medficientsam.segmenter.SegmenterOptions;
import org.medficientsam.segmenter.onnx.InferenceException;

/** The cases of one command: one model for all, each result written whole or not at all, a failure told in one line. */
public final class BatchRun {
    private static final String SUFFIX = ".npz";

    private final long start = System.nanoTime();
    private final Path bundle;
    private final SegmenterOptions options;
    private final boolean quiet;

    BatchRun(Path bundle, SegmenterOptions options, boolean quiet) {
        this.bundle = bundle;
        this.options = options;
        this.quiet = quiet;
    }

    /** @return whether it was segmented */
    boolean file(Path input, Path output, Optional<Path> overlay) {
        // Read first: a volume needs another encoder than an image, and a bad case needs none.
        Optional<CaseFile> caseFile = attempt(input, () -> CaseNpz.read(input, Limits.DEFAULT));
        if (caseFile.isEmpty()) return false;
        boolean volume = caseFile.get() instanceof VolumeCase;
        boolean done;
        try (Segmenter segmenter = Segmenter.open(bundle, volume ? options.forVolumesOnly() : options);
                ConsoleBar bar = volume && !quiet ? ConsoleBar.open(name(input), "slices", 0) : ConsoleBar.NONE) {
            done = attempt(
                            input,
                            () -> write(segmenter.segment(caseFile.get(), bar::steps), caseFile.get(), output, overlay))
                    .isPresent();
        }
        report(done ? 1 : 0, 1);
        return done;
    }

    /** @return whether all cases were segmented */
    boolean folder(Path input, Path output, Optional<Path> overlays) {
        List<Path> cases;
        try (Stream<Path> files = Files.list(input)) {
            cases = files.filter(file -> name(file).endsWith(SUFFIX)).sorted().toList();
        } catch (IOException e) {
            System.err.printf("%s cannot be listed%n", input);
            return false;
        }
        if (cases.isEmpty()) {
            System.err.printf("%s has no *%s%n", input, SUFFIX);
            return false;
        }
        int done = 0;
        try (Segmenter segmenter = Segmenter.open(bundle, options);
                ConsoleBar bar = quiet ? ConsoleBar.NONE : ConsoleBar.open("segment", "cases", cases.size())) {
            for (Path file : cases) {
                bar.say(name(file));
                if (attempt(file, () -> {
                            CaseFile caseFile = CaseNpz.read(file, Limits.DEFAULT);
                            Segmentation result = segmenter.segment(caseFile, bar::within);
                            String picture = name(file).replace(SUFFIX, ".png");
                            return write(
                                    result,
                                    caseFile,
                                    output.resolve(name(file)),
                                    overlays.map(o -> o.resolve(picture)));
                        })
                        .isPresent()) done++;
                bar.step();
            }
        }
        report(done, cases.size());
        return done == cases.size();
    }

    private void report(int done, int cases) {
        String rss =
                PeakRss.bytes().isPresent() ? "%d MiB".formatted(PeakRss.bytes().getAsLong() >> 20) : "unknown";
        System.out.printf(
                "%d of %d case%s in %.2f s, peak RSS %s%n",
                done, cases, cases == 1 ? "" : "s", (System.nanoTime() - start) / 1e9, rss);
    }

    private interface Work<T> {
        T get() throws IOException;
    }

    /** What the work gave, or nothing after a line on why. */
    private static <T> Optional<T> attempt(Path file, Work<T> work) {
        try {
            return Optional.of(work.get());
        } catch (InvalidCaseException | InferenceException e) {
            System.err.printf("%s: %s%n", name(file), e.getMessage());
        } catch (IOException e) {
            System.err.printf("%s: cannot be read or written (%s)%n", name(file), e.getMessage());
        } catch (OutOfMemoryError e) {
            System.err.printf("%s: needs more memory than java has been given (-Xmx)%n", name(file));
        }
        return Optional.empty();
    }

    private static Path write(Segmentation result, CaseFile caseFile, Path output, Optional<Path> overlay)
            throws IOException {
        if (overlay.isPresent()) {
            byte[] png = Overlay.of(caseFile, result.labels()).png();
            EndOnSignal.uninterrupted(() -> writeWhole(overlay.get(), out -> out.write(png)));
        }
        return EndOnSignal.uninterrupted(() -> writeWhole(output, out -> LabelMapNpz.write(result.labels(), out)));
    }

    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Beside the target first, then moved over it: nobody ever sees half a file. */
    private static Path writeWhole(Path target, Content content) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder != null) Files.createDirectories(folder);
        Path part = target.resolveSibling(name(target) + ".part");
        try {
            try (OutputStream out = Files.newOutputStream(part)) {
                content.writeTo(out);
            }
            return Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static String name(@Nullable Path path) {
        return path == null || path.getFileName() == null
                ? ""
                : path.getFileName().toString();
    }
}
