package org.medficientsam.eval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** One line a reader can act on, for what may go wrong in a command. */
public final class Failures {

    private Failures() {}

    /** What went wrong, in one line without a stack trace; the paths are those the user gave. */
    public static String describe(Throwable failure) {
        @Nullable Throwable cause = failure instanceof UncheckedIOException ? failure.getCause() : null;
        if (cause != null) {
            return describe(cause);
        }
        if (failure instanceof NoSuchFileException) {
            return "no such file or folder: " + failure.getMessage();
        }
        if (failure instanceof AccessDeniedException) {
            return "access denied: " + failure.getMessage();
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "already exists: " + failure.getMessage();
        }
        String message = failure.getMessage();
        boolean speaksForItself = failure instanceof IOException
                || failure instanceof IllegalArgumentException
                || failure.getClass().getPackageName().startsWith("org.medficientsam");
        return speaksForItself && message != null ? message : failure.toString();
    }
}
