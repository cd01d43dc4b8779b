package org.medficientsam.imagefile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.Npz;

/** The files that create_files.py made. */
final class Resources {
    private Resources() {}

    static Path path(String name) {
        try {
            return Path.of(Objects.requireNonNull(Resources.class.getResource("/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] bytes(String name) {
        try (InputStream in = Objects.requireNonNull(Resources.class.getResourceAsStream("/" + name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Npz npz(String name) {
        return Npz.read(bytes(name), Limits.LOCAL);
    }

    /** All of files/, in order. */
    static List<Path> files() {
        try (Stream<Path> files = Files.list(path("files"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
