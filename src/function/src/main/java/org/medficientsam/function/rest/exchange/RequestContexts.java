package org.medficientsam.function.rest.exchange;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.medficientsam.function.service.CaseContent;
import org.medficientsam.function.service.RequestContext;

/** Gives every exchange its {@link RequestContext}, and its answer the id: the caller's {@code X-Request-Id} or a new one. */
@ApplicationScoped
public class RequestContexts {
    public static final String HEADER = "X-Request-Id";

    private static final String KEY = RequestContext.class.getName();

    private final CurrentVertxRequest request;

    @Inject
    RequestContexts(CurrentVertxRequest request) {
        this.request = request;
    }

    void assign(@Observes Router router) {
        router.route().order(RouteOrder.CONTEXT).handler(exchange -> {
            of(exchange);
            exchange.next();
        });
    }

    /** The exchange's; made now for one that was refused before any route. */
    public static RequestContext of(RoutingContext exchange) {
        RequestContext there = exchange.get(KEY);
        if (there != null) return there;
        RequestContext context = RequestContext.of(exchange.request().getHeader(HEADER));
        context.enter();
        exchange.put(KEY, context);
        if (!exchange.response().headWritten()) exchange.response().putHeader(HEADER, context.id());
        return context;
    }

    /** Of the exchange that this thread works on. */
    public RequestContext current() {
        return of(request.getCurrent());
    }

    /** Who asks in the exchange that this thread works on: what it posted nobody else is given. */
    public String owner() {
        return Owners.of(request.getCurrent());
    }

    /**
     * The body of the exchange that this thread works on.
     *
     * @throws RuntimeException why it could not be received
     */
    public CaseContent.Received body() {
        return BodyIntake.of(request.getCurrent());
    }
}
