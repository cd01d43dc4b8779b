package org.medficientsam.function.server;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.JMException;
import javax.management.ObjectName;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.medficientsam.function.admission.AdmissionControl;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.SegmentationResult;

/**
 * Gives memory back to the system once the service has been idle for a while after work: by itself the collector keeps a heap at the
 * size of the largest case there ever was, and the C library what it freed.
 */
@ApplicationScoped
class IdleMemory {
    private static final Logger LOG = Logger.getLogger(IdleMemory.class);
    private static final int CHECK_SECONDS = 5;

    /** Checks in a row that must find nothing to do. */
    private static final int IDLE_CHECKS = 4;

    private final AdmissionControl admission;
    private final boolean listens;
    private final AtomicInteger cases = new AtomicInteger();
    private final ScheduledExecutorService checks = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "idle-memory");
        thread.setDaemon(true);
        return thread;
    });
    private int seen;
    private int idleChecks;

    /** @param listens where nothing does, the process is frozen or ended when it is idle */
    @Inject
    IdleMemory(
            AdmissionControl admission,
            @ConfigProperty(name = "quarkus.http.host-enabled", defaultValue = "true") boolean listens) {
        this.admission = admission;
        this.listens = listens;
    }

    void onStart(@Observes StartupEvent start) {
        if (listens) checks.scheduleWithFixedDelay(this::check, CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
    }

    void worked(@Observes SegmentationResult result) {
        cases.incrementAndGet();
    }

    void failed(@Observes Problem problem) {
        cases.incrementAndGet();
    }

    private void check() {
        int now = cases.get();
        if (now != seen || admission.running() > 0) {
            seen = now;
            idleChecks = now == 0 ? IDLE_CHECKS : 0; // where nothing was done there is nothing to give back
        } else if (idleChecks < IDLE_CHECKS && ++idleChecks == IDLE_CHECKS) {
            giveBack();
        }
    }

    private static void giveBack() {
        System.gc(); // shrinks the heap too
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "systemTrimNativeHeap",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
        } catch (JMException e) {
            LOG.debugf("this JVM cannot trim its native heap: %s", e.getMessage());
        }
    }

    @PreDestroy
    void stop() {
        checks.shutdownNow();
    }
}
