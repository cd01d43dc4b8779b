package org.medficientsam.function;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.util.concurrent.TimeUnit;
import org.medficientsam.segmenter.PeakRss;

/** What Prometheus, or CloudWatch, sees of the cases; the HTTP requests themselves Quarkus counts. */
@ApplicationScoped
class FunctionMetrics {
    private final MeterRegistry registry;
    private final Turnstile turnstile;
    private final EmbeddedMetrics embedded;

    @Inject
    FunctionMetrics(MeterRegistry registry, Turnstile turnstile, EmbeddedMetrics embedded) {
        this.registry = registry;
        this.turnstile = turnstile;
        this.embedded = embedded;
    }

    void register(@Observes Startup start) {
        Gauge.builder("medficientsam.running", turnstile, Turnstile::running)
                .description("Cases that are being segmented")
                .register(registry);
        Gauge.builder("medficientsam.waiting", turnstile, Turnstile::waiting)
                .description("Cases that wait for their turn")
                .register(registry);
        Gauge.builder("medficientsam.peak.rss", () -> PeakRss.bytes().orElse(0))
                .description("Most memory this process ever held")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        for (Problem problem : Problem.values()) {
            registry.counter("medficientsam.failures", "reason", problem.reason()); // so that 0 shows
        }
    }

    void segmented(SegmentationResult result) {
        embedded.segmented(result);
        String model = result.model().id();
        registry.counter("medficientsam.cases", "model", model).increment();
        registry.counter("medficientsam.slices.encoded", "model", model).increment(result.slicesEncoded());
        registry.counter("medficientsam.boxes.decoded", "model", model).increment(result.boxesDecoded());
        result.timingsMs().forEach((stage, ms) -> registry.timer("medficientsam.stage", "model", model, "stage", stage)
                .record((long) (ms * 1e6), TimeUnit.NANOSECONDS));
    }

    void failed(Problem problem) {
        embedded.failed(problem);
        registry.counter("medficientsam.failures", "reason", problem.reason()).increment();
    }
}
