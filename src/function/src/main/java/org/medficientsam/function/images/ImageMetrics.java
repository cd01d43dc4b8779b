package org.medficientsam.function.images;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;

/** What Prometheus sees of kept images, where images are kept. */
@ApplicationScoped
class ImageMetrics {
    void register(@Observes Startup start, MeterRegistry registry, KeptImages images, ImagesConfig config) {
        if (!config.enabled()) return;
        Gauge.builder("medficientsam.images", images, KeptImages::count)
                .description("Images that are kept")
                .register(registry);
        Gauge.builder("medficientsam.images.memory", images, KeptImages::usedBytes)
                .description("Heap that kept images and their embeddings hold")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
    }
}
