package org.medficientsam.function.rest.exchange;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * What every answer tells browsers and proxies, unless who answers says otherwise: to keep nothing of it, as it may show a patient, and to
 * take it for nothing else than its type says.
 */
@ApplicationScoped
class PrivateAnswers {
    void watch(@Observes Router router) {
        router.route().order(RouteOrder.CONTEXT).handler(exchange -> {
            exchange.response()
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .putHeader("X-Content-Type-Options", "nosniff");
            exchange.next();
        });
    }
}
