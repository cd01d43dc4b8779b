package org.medficientsam.function.rest;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.medficientsam.function.rest.exchange.RouteOrder;

/**
 * Refuses long addresses and headers in our own words. Vert.x reads more than that (application.properties), as what it refuses itself
 * has no body: no code of ours sees it.
 */
@ApplicationScoped
class HeadLimits {
    static final int LONGEST_URI = 4096;
    static final int LARGEST_HEADERS = 20 << 10;

    void watch(@Observes Router router) {
        router.route().order(RouteOrder.HEAD).handler(HeadLimits::check);
    }

    private static void check(RoutingContext exchange) {
        if (exchange.request().uri().length() > LONGEST_URI) {
            exchange.fail(414);
        } else if (headers(exchange) > LARGEST_HEADERS) {
            exchange.fail(431);
        } else {
            exchange.next();
        }
    }

    /** Characters of all names and values. */
    private static int headers(RoutingContext exchange) {
        int[] characters = {0};
        exchange.request().headers().forEach((name, value) -> characters[0] += name.length() + value.length());
        return characters[0];
    }
}
