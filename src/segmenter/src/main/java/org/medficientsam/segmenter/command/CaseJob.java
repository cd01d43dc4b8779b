package org.medficientsam.segmenter.command;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.npz.LabelMapNpz;
import org.medficientsam.casefile.overlay.Overlay;
import org.medficientsam.segmenter.Segmentation;
import org.medficientsam.segmenter.onnx.InferenceException;

/** What is done with one case: its failures become a line, its results are written whole or not at all. */
final class CaseJob {
    private CaseJob() {}

    interface Work {
        void run() throws IOException;
    }

    /** Does the work; what stopped it in words for the case's owner, or nothing. */
    static Optional<String> attempt(Work work) {
        try {
            work.run();
            return Optional.empty();
        } catch (InvalidCaseException | InferenceException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return Optional.of(
                    "cannot be read or written (%s)".formatted(CasePaths.shown(String.valueOf(e.getMessage()))));
        } catch (OutOfMemoryError e) {
            return Optional.of("needs more memory than java has been given (-Xmx)");
        }
    }

    static void write(Segmentation result, CaseFile caseFile, Path output, Optional<Path> overlay) throws IOException {
        if (overlay.isPresent()) {
            byte[] png = Overlay.of(caseFile, result.labels()).png();
            EndOnSignal.uninterrupted(() -> writeWhole(overlay.get(), out -> out.write(png)));
        }
        EndOnSignal.uninterrupted(() -> writeWhole(output, out -> LabelMapNpz.write(result.labels(), out)));
    }

    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Beside the target first, then moved over it: nobody ever sees half a file. */
    private static Path writeWhole(Path target, Content content) throws IOException {
        CasePaths.requireReplaceable(target);
        Path folder = target.toAbsolutePath().getParent();
        if (folder != null) Files.createDirectories(folder);
        Path part = target.resolveSibling(CasePaths.name(target) + ".part");
        CasePaths.requireReplaceable(part);
        Files.deleteIfExists(part); // of a run that was killed; a link there is not followed
        try {
            try (OutputStream out =
                    Files.newOutputStream(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(out);
            }
            return Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
