package org.medficientsam.function;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jline.utils.Signals;

/**
 * Stops the service before the JVM. ONNX Runtime frees itself in a shutdown hook, and hooks run all at once: a case still under
 * way would run into freed memory. So a signal ends Quarkus, which finishes its cases, and only then the JVM.
 */
@ApplicationScoped
class GracefulStop {
    /** @param listens where nothing does, the runtime around this process says when it ends */
    void onStart(
            @Observes StartupEvent start,
            @ConfigProperty(name = "quarkus.http.host-enabled", defaultValue = "true") boolean listens) {
        if (LaunchMode.current() == LaunchMode.NORMAL && listens) {
            // HUP: the terminal was closed. Where nohup has it ignored, it stays so.
            for (String signal : List.of("TERM", "INT", "HUP")) Signals.register(signal, Quarkus::asyncExit);
        }
    }
}
