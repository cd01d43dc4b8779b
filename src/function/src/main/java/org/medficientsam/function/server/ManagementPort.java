package org.medficientsam.function.server;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.medficientsam.function.service.FunctionConfig;

/**
 * Where {@code medficientsam.management-port} is set, {@code /q/...} (health, metrics, OpenAPI) is served there and no longer on the
 * public port. Quarkus has such a port too, but decides on it when it is built.
 */
@ApplicationScoped
class ManagementPort {
    private static final Logger LOG = Logger.getLogger(ManagementPort.class);

    private final Vertx vertx;
    private final Optional<Integer> port;
    private @Nullable Router router;
    private @Nullable HttpServer server;

    @Inject
    ManagementPort(Vertx vertx, FunctionConfig config) {
        this.vertx = vertx;
        this.port = config.managementPort();
    }

    void watch(@Observes Router router) {
        if (port.isEmpty()) return;
        this.router = router;
        router.route().order(Integer.MIN_VALUE + 2).handler(this::keepApart);
    }

    private void keepApart(RoutingContext exchange) {
        HttpServer management = server;
        boolean here = management != null && exchange.request().localAddress().port() == management.actualPort();
        boolean wanted = exchange.normalizedPath().startsWith("/q/");
        if (here == wanted) exchange.next();
        else exchange.fail(404);
    }

    void onStart(
            @Observes StartupEvent start,
            @ConfigProperty(name = "quarkus.http.host", defaultValue = "0.0.0.0") String host) {
        Router handler = router;
        if (port.isEmpty() || handler == null) return;
        server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(host)
                        .setPort(port.get())
                        .setHttp2ClearTextEnabled(false))
                .requestHandler(handler)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        LOG.infof("health and metrics listen on port %d", server.actualPort());
    }

    @PreDestroy
    void stop() {
        if (server != null) server.close();
    }
}
