package org.medficientsam.function.service;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.util.concurrent.TimeUnit;
import org.medficientsam.function.admission.AdmissionControl;
import org.medficientsam.segmenter.PeakRss;

/** What Prometheus sees of the cases, and whoever observes their events; the HTTP requests themselves Quarkus counts. */
@ApplicationScoped
public class FunctionMetrics {
    private final MeterRegistry registry;
    private final AdmissionControl admission;
    private final Event<SegmentationResult> segmented;
    private final Event<Problem> failed;

    @Inject
    FunctionMetrics(
            MeterRegistry registry,
            AdmissionControl admission,
            Event<SegmentationResult> segmented,
            Event<Problem> failed) {
        this.registry = registry;
        this.admission = admission;
        this.segmented = segmented;
        this.failed = failed;
    }

    void register(@Observes Startup start) {
        Gauge.builder("medficientsam.running", admission, AdmissionControl::running)
                .description("Cases that are being segmented")
                .register(registry);
        Gauge.builder("medficientsam.waiting", admission, AdmissionControl::waiting)
                .description("Cases that wait for their turn")
                .register(registry);
        Gauge.builder("medficientsam.memory.used", admission, AdmissionControl::usedBytes)
                .description("Heap that the running cases may hold")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        Gauge.builder("medficientsam.peak.rss", () -> PeakRss.bytes().orElse(0))
                .description("Most memory this process ever held")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        for (Problem problem : Problem.values()) {
            registry.counter("medficientsam.failures", "reason", problem.reason()); // so that 0 shows
        }
    }

    /** Counts a case that was answered. */
    void segmented(SegmentationResult result) {
        segmented.fire(result);
        String model = result.model().id();
        registry.counter("medficientsam.cases", "model", model).increment();
        registry.counter("medficientsam.slices.encoded", "model", model).increment(result.slicesEncoded());
        registry.counter("medficientsam.boxes.decoded", "model", model).increment(result.boxesDecoded());
        result.timingsMs().forEach((stage, ms) -> registry.timer("medficientsam.stage", "model", model, "stage", stage)
                .record((long) (ms * 1e6), TimeUnit.NANOSECONDS));
    }

    /** Counts a request that was refused or failed. */
    public void failed(Problem problem) {
        failed.fire(problem);
        registry.counter("medficientsam.failures", "reason", problem.reason()).increment();
    }
}
