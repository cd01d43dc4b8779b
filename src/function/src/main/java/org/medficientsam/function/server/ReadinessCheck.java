package org.medficientsam.function.server;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.medficientsam.function.service.WarmUp;

/** Up once the default bundle is warm. */
@Readiness
@ApplicationScoped
class ReadinessCheck implements HealthCheck {
    private final WarmUp warmUp;

    @Inject
    ReadinessCheck(WarmUp warmUp) {
        this.warmUp = warmUp;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("default bundle is warm")
                .status(warmUp.isDone())
                .build();
    }
}
