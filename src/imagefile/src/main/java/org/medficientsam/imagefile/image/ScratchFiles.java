package org.medficientsam.imagefile.image;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Files in the temporary folder that hold somebody's image while it arrives or is read. Whoever made one deletes it; those that are
 * left when the process ends go with it, so that no image stays on a disk for whoever comes next.
 */
public final class ScratchFiles {
    private static final Set<Path> KNOWN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(ScratchFiles::deleteAll, "scratch-files"));
    }

    private ScratchFiles() {}

    /** A name that nobody else has, for a file that the caller makes, readable by its owner alone. */
    public static Path name(String suffix) {
        Path path = Path.of(System.getProperty("java.io.tmpdir"), "case-" + UUID.randomUUID() + suffix);
        KNOWN.add(path);
        return path;
    }

    /** An empty file, readable by its owner alone. */
    public static Path file(String suffix) throws IOException {
        Path path = Files.createTempFile("case-", suffix);
        KNOWN.add(path);
        return path;
    }

    /** An empty folder, readable by its owner alone. */
    public static Path folder() throws IOException {
        Path path = Files.createTempDirectory("case-");
        KNOWN.add(path);
        return path;
    }

    /** The file, or the folder and the files in it. Again is harmless. */
    public static void delete(Path path) {
        File file = path.toFile();
        File @Nullable [] inside = file.listFiles();
        if (inside != null) for (File one : inside) one.delete();
        // What an open handle keeps (Windows) is tried again at the end.
        if (file.delete() || !file.exists()) KNOWN.remove(path);
    }

    /** All that are left: before a process is halted, which runs no hooks. */
    public static void deleteAll() {
        for (Path path : KNOWN) delete(path);
    }
}
