package org.medficientsam.function.server;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jline.utils.Signals;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.function.service.ServiceStopping;
import org.medficientsam.imagefile.image.ScratchFiles;

/**
 * Stops the service before the JVM. ONNX Runtime frees itself in a shutdown hook, and hooks run all at once: a case still under
 * way would run into freed memory. So a signal ends Quarkus, which finishes its cases, and only then the JVM. Cases have half of
 * quarkus.shutdown.timeout to finish; then they are stopped at their next slice or box, and what even that does not end is ended
 * with the process.
 */
@ApplicationScoped
class GracefulStop {
    /** What a shell tells of a process that TERM ended. */
    private static final int TERMINATED = 143;

    /** For the process itself, also on a busy machine, before somebody else's patience ends with the same limit. */
    private static final Duration RESERVE = Duration.ofMillis(1500);

    private final Event<ServiceStopping> stopping;
    private final Duration limit;
    private final boolean listens;
    private final AtomicBoolean begun = new AtomicBoolean();

    /** @param listens where nothing does, the runtime around this process says when it ends */
    @Inject
    GracefulStop(
            Event<ServiceStopping> stopping,
            @ConfigProperty(name = "quarkus.shutdown.timeout", defaultValue = "10S") Duration limit,
            @ConfigProperty(name = "quarkus.http.host-enabled", defaultValue = "true") boolean listens) {
        this.stopping = stopping;
        this.limit = limit;
        this.listens = listens;
    }

    void onStart(@Observes StartupEvent start) {
        if (LaunchMode.current() == LaunchMode.NORMAL && listens) {
            // HUP: the terminal was closed. Where nohup has it ignored, it stays so.
            for (String signal : List.of("TERM", "INT", "HUP")) Signals.register(signal, this::stop);
        }
    }

    private void stop() {
        if (begun.getAndSet(true)) return;
        Thread thread = new Thread(this::stopInTime, "graceful-stop");
        thread.setDaemon(true);
        thread.start();
        Quarkus.asyncExit();
    }

    private void stopInTime() {
        Duration half = limit.dividedBy(2);
        try {
            Thread.sleep(half.toMillis());
            stopping.fire(new ServiceStopping(new ProblemException(Problem.BUSY, "the service is stopping")));
            Thread.sleep(Math.max(0, half.minus(RESERVE).toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ScratchFiles.deleteAll();
        Runtime.getRuntime().halt(TERMINATED);
    }
}
