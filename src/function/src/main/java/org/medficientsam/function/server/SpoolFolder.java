package org.medficientsam.function.server;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.medficientsam.function.Main;

/** Says at the start, rather than with the first large case, that there is no place for bodies while they arrive. */
@ApplicationScoped
class SpoolFolder {
    private static final Logger LOG = Logger.getLogger(SpoolFolder.class);

    private final boolean listens;

    @Inject
    SpoolFolder(@ConfigProperty(name = "quarkus.http.host-enabled", defaultValue = "true") boolean listens) {
        this.listens = listens;
    }

    void onStart(@Observes StartupEvent start) {
        Main.restoreTemporaryFolder();
        if (listens && !Files.isWritable(Path.of(System.getProperty("java.io.tmpdir"))))
            LOG.warn(
                    "java.io.tmpdir cannot be written: bodies above 1 MiB will be refused until a folder is mounted there");
    }
}
