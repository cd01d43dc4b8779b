package org.medficientsam.segmenter.bundle;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What lies beside a program's jar: a distribution has its jars below {@code lib/}, Maven below {@code target/}. */
public final class ProgramFolder {
    /** A jar in {@code src/function/target} and bundles in the root are as far apart as it gets. */
    private static final int LEVELS = 4;

    private ProgramFolder() {}

    /** The folder of that name beside the jar of {@code program}, else in the nearest folder above; empty if there is none. */
    public static Optional<Path> find(Class<?> program, String name) {
        @Nullable CodeSource source = program.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) return Optional.empty();
        try {
            @Nullable
            Path folder = Path.of(source.getLocation().toURI()).toAbsolutePath().getParent();
            for (int level = 0; level < LEVELS && folder != null; level++, folder = folder.getParent())
                if (Files.isDirectory(folder.resolve(name))) return Optional.of(folder.resolve(name));
        } catch (URISyntaxException | IllegalArgumentException e) {
            // Not from a file.
        }
        return Optional.empty();
    }
}
