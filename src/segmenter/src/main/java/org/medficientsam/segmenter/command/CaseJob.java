package org.medficientsam.segmenter.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.overlay.Overlay;
import org.medficientsam.imagefile.PreparedCase;
import org.medficientsam.imagefile.ResultFile;
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
            return Optional.of("cannot be read or written (%s)".formatted(CasePaths.reason(e)));
        } catch (OutOfMemoryError e) {
            return Optional.of("needs more memory than java has been given (-Xmx)");
        }
    }

    /** What was done to a case that its file does not show; nothing if nothing was. */
    static Optional<String> told(Path file, PreparedCase prepared) {
        List<String> told = new ArrayList<>(prepared.notes());
        if (!prepared.window().isAsStored()) told.add("window " + prepared.window());
        return told.isEmpty()
                ? Optional.empty()
                : Optional.of(CasePaths.shown(CasePaths.name(file)) + ": " + String.join("; ", told));
    }

    static void write(Segmentation result, PreparedCase prepared, Path output, Optional<Path> overlay)
            throws IOException {
        if (overlay.isPresent()) {
            CasePaths.requireReplaceable(overlay.get());
            byte[] png = Overlay.of(prepared.caseFile(), result.labels()).png();
            EndOnSignal.uninterrupted(() -> ResultFile.writeWhole(overlay.get(), out -> out.write(png)));
        }
        CasePaths.requireReplaceable(output);
        EndOnSignal.uninterrupted(() -> ResultFile.write(output, result.labels(), prepared.form()));
    }
}
