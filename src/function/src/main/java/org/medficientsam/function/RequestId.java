package org.medficientsam.function;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/** Every request has an id: the caller's {@code X-Request-Id} or a new one, in its log lines and in its answer. */
@ApplicationScoped
class RequestId {
    static final String HEADER = "X-Request-Id";

    private static final String MDC_KEY = "requestId";

    /** What may go into a log line as it is. */
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

    void assign(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).handler(RequestId::assign);
    }

    private static void assign(RoutingContext exchange) {
        String id = enter(exchange.request().getHeader(HEADER));
        exchange.response().putHeader(HEADER, id);
        exchange.next();
    }

    /**
     * From here on this thread's (or Vert.x context's) log lines carry the id.
     *
     * @param wanted the caller's id; one that is absent or could forge log lines is replaced
     */
    static String enter(@Nullable String wanted) {
        String id = wanted != null && HARMLESS.matcher(wanted).matches()
                ? wanted
                : UUID.randomUUID().toString();
        MDC.put(MDC_KEY, id);
        return id;
    }

    static void leave() {
        MDC.remove(MDC_KEY);
    }

    static @Nullable String current() {
        return MDC.get(MDC_KEY) instanceof String id ? id : null;
    }
}
