package org.medficientsam.function.rest.exchange;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.medficientsam.function.service.CaseContent;
import org.medficientsam.function.service.FunctionConfig;
import org.medficientsam.function.service.FunctionMetrics;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.function.service.ServiceStopping;

/**
 * Receives the bodies of cases before anything else is done about them. No thread waits for a slow sender and no turn is taken:
 * a body has its time, its least rate and, together with all others, its room; only once it is there does the request go on.
 */
@ApplicationScoped
class BodyIntake {
    private static final Set<String> GZIP = Set.of("gzip", "x-gzip");
    private static final String KEY = BodyReception.class.getName();

    private final Instance<BodyRoute> routes;
    private final FunctionConfig config;
    private final FunctionMetrics metrics;
    private final IntakeRoom room;
    private final Set<BodyReception> receiving = ConcurrentHashMap.newKeySet();

    @Inject
    BodyIntake(FunctionConfig config, FunctionMetrics metrics, Instance<BodyRoute> routes, IntakeRoom room) {
        this.routes = routes;
        this.config = config;
        this.metrics = metrics;
        this.room = room;
    }

    void register(@Observes Startup start, MeterRegistry registry) {
        Gauge.builder("medficientsam.receiving", receiving, Set::size)
                .description("Cases whose body is on its way")
                .register(registry);
    }

    void watch(@Observes Router router) {
        for (BodyRoute route : routes)
            router.route(HttpMethod.POST, route.path())
                    .order(RouteOrder.BODY)
                    .handler(exchange -> receive(exchange, route));
    }

    private void receive(RoutingContext exchange, BodyRoute route) {
        Optional<BodyRoute.Body> body = route.body().apply(type(exchange.request()));
        Optional<String> coding = body.filter(BodyRoute.Body::coded).flatMap(any -> coding(exchange.request()));
        if (body.isPresent() && coding.isPresent() && !GZIP.contains(coding.get())) {
            exchange.fail(
                    Problem.UNSUPPORTED_MEDIA_TYPE.status(),
                    new ProblemException(
                            Problem.UNSUPPORTED_MEDIA_TYPE,
                            "Content-Encoding must be gzip or none, got " + ProblemException.excerpt(coding.get())));
            return;
        }
        if (body.isEmpty()) {
            exchange.next(); // whoever refuses it needs no body
            return;
        }
        BodyReception reception = new BodyReception(exchange, body.get(), coding.isPresent(), config.intake(), room);
        exchange.put(KEY, reception);
        receiving.add(reception);
        exchange.addEndHandler(done -> {
            receiving.remove(reception);
            reception.free();
            if (done.failed()) RequestContexts.of(exchange).stop(gone());
        });
        if (!reception.canBegin()) {
            exchange.next();
            return;
        }
        reception.begin().onComplete(received -> {
            receiving.remove(reception);
            if (reception.isAbandoned()) metrics.failed(Problem.ABANDONED);
            else exchange.next();
        });
    }

    private static ProblemException gone() {
        return new ProblemException(Problem.ABANDONED, "the client has gone");
    }

    private static Optional<String> coding(HttpServerRequest request) {
        @Nullable String coding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        return Optional.ofNullable(coding)
                .map(text -> text.strip().toLowerCase(Locale.ROOT))
                .filter(text -> !text.isEmpty() && !text.equals("identity"));
    }

    private static String type(HttpServerRequest request) {
        @Nullable String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return type == null ? "" : type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    }

    /** Bodies that are still on their way when the service stops are answered that it does. */
    void stop(@Observes ServiceStopping stopping) {
        receiving.forEach(reception -> reception.fail(stopping.reason()));
    }

    /**
     * The exchange's body, owned by the caller; one whose end could not be foreseen is received now, while this thread waits.
     *
     * @throws RuntimeException why it could not be received
     */
    static CaseContent.Received of(RoutingContext exchange) {
        BodyReception reception = exchange.get(KEY);
        if (reception == null) throw new IllegalStateException("the route must receive the body first");
        if (!reception.canBegin()) reception.await();
        return reception.content();
    }
}
