package org.medficientsam.eval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A text file that takes its name only when it is complete. Opened before the work starts, it tells early that a place cannot
 * be written to; a full disk or a killed program leaves what was there before.
 */
public final class PendingFile implements AutoCloseable {

    private final Path target;
    private final Path pending;
    private final Writer writer;

    private PendingFile(Path target, Path pending) throws IOException {
        this.target = target;
        this.pending = pending;
        writer = Files.newBufferedWriter(pending);
    }

    /** @throws UncheckedIOException if nothing can be written there */
    public static PendingFile open(Path target) {
        try {
            if (Files.isDirectory(target)) {
                throw new IOException("it is a folder");
            }
            Path folder = target.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            // A device, such as /dev/stdout, cannot be replaced by a file.
            boolean replaceable = !Files.exists(target) || Files.isRegularFile(target);
            return new PendingFile(
                    target, replaceable ? target.resolveSibling(target.getFileName() + ".part") : target);
        } catch (IOException e) {
            throw notWritten(target, e);
        }
    }

    /** What a file is to hold. */
    public interface Content {
        void writeTo(Writer writer) throws IOException;
    }

    /** @throws UncheckedIOException if the disk is full, or otherwise refuses */
    public void complete(Content content) {
        try {
            content.writeTo(writer);
            writer.close();
            if (!pending.equals(target)) {
                Files.move(pending, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw notWritten(target, e);
        }
    }

    /** Removes what was not completed. */
    @Override
    public void close() throws IOException {
        if (!pending.equals(target)) {
            Files.deleteIfExists(pending);
        }
        try {
            writer.close();
        } catch (IOException e) {
            // Flushing what a full disk refused before; complete() has told.
        }
    }

    private static UncheckedIOException notWritten(Path target, IOException cause) {
        return new UncheckedIOException(
                new IOException("cannot write %s: %s".formatted(target, Failures.describe(cause)), cause));
    }
}
