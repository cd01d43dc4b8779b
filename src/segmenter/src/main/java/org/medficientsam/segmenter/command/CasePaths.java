package org.medficientsam.segmenter.command;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Which files a command may read and write, and how their names are shown. */
final class CasePaths {
    private CasePaths() {}

    /** Whether both lead to the same place, by whatever links; a path need not be there. */
    static boolean isSame(Path one, Path other) throws IOException {
        return real(one).equals(real(other));
    }

    /** With the links resolved of as much of the path as is there. */
    private static Path real(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        if (Files.exists(absolute)) return absolute.toRealPath();
        @Nullable Path folder = absolute.getParent();
        return folder == null
                ? absolute
                : real(folder).resolve(absolute.getFileName()).normalize();
    }

    /**
     * A file, or the folder of a series.
     *
     * @throws IOException if it is a pipe or a device, which to open might wait for ever or do something
     */
    static void requireReadable(Path input) throws IOException {
        if (Files.exists(input) && !Files.isRegularFile(input) && !Files.isDirectory(input))
            throw new FileSystemException("the case must be a regular file, got something else");
        if (name(input).indexOf('\uFFFD') >= 0)
            throw new FileSystemException("its name must be UTF-8, as its results are named after it");
    }

    /** @throws IOException if something is there that is no regular file, such as a device */
    static void requireReplaceable(Path output) throws IOException {
        if (Files.exists(output, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(output))
            throw new FileSystemException("only a regular file is replaced, got something else");
    }

    /** Why a file cannot be read or written, without its path. */
    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) return "there is no such file or folder";
        if (e instanceof AccessDeniedException) return "no permission";
        if (e instanceof CharacterCodingException) return "it is not UTF-8";
        boolean named = e instanceof FileSystemException file && file.getReason() != null;
        return shown(String.valueOf(named ? ((FileSystemException) e).getReason() : e.getMessage()));
    }

    /** Whether files can be made in that folder, or in those above it that it needs first. */
    static boolean isWritableFolder(Path folder) {
        @Nullable Path there = folder.toAbsolutePath();
        while (there != null && !Files.exists(there)) there = there.getParent();
        return there != null && Files.isDirectory(there) && Files.isWritable(there);
    }

    static String name(@Nullable Path path) {
        return path == null || path.getFileName() == null
                ? ""
                : path.getFileName().toString();
    }

    /** A name as a terminal may show it: control and format characters, which could move its cursor or hide text, are escaped. */
    static String shown(String name) {
        StringBuilder shown = new StringBuilder();
        name.codePoints().forEach(c -> {
            int type = Character.getType(c);
            if (Character.isISOControl(c)
                    || type == Character.FORMAT
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR) shown.append("\\u%04x".formatted(c));
            else shown.appendCodePoint(c);
        });
        return shown.toString();
    }
}
