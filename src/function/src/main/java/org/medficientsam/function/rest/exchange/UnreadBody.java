package org.medficientsam.function.rest.exchange;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.medficientsam.function.service.FunctionConfig;

/**
 * Swallows what is left of a body that was refused before its end. Many clients read the answer only once they have sent
 * everything; were the rest left unread, they would wait for ever.
 */
@ApplicationScoped
class UnreadBody {
    private final long most;

    /** A refused body is swallowed up to twice the length of an acceptable one; then the connection is closed. */
    @Inject
    UnreadBody(FunctionConfig config) {
        this.most = 2 * config.maxBodySize().asLongValue();
    }

    void watch(@Observes Router router) {
        router.route().order(RouteOrder.UNREAD).handler(exchange -> {
            exchange.addEndHandler(answered -> swallow(exchange));
            exchange.next();
        });
    }

    private void swallow(RoutingContext exchange) {
        HttpServerRequest request = exchange.request();
        if (request.isEnded()) {
            return;
        }
        request.handler((Buffer part) -> {
            if (request.bytesRead() > most) {
                request.connection().close();
            }
        });
        request.resume();
    }
}
