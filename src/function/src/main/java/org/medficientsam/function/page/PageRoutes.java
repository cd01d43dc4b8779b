package org.medficientsam.function.page;

import io.quarkus.runtime.LaunchMode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Serves the page at {@code /} and its files under {@code /page/}. Not by Quarkus' static files: those want a cache on disk, which a
 * read-only file system has no place for, and know neither these headers nor the switch. Read when first asked for, so a start that
 * nobody asks for a page pays nothing.
 */
@ApplicationScoped
class PageRoutes {
    private static final String INDEX = "index.html";

    /** Everything from here, nothing inline, no frames: a file name that became markup by mistake could still run nothing. */
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "X-Frame-Options",
            "DENY",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=()",
            // Asked again each time, answered 304 mostly: a new jar is a new page at once.
            "Cache-Control",
            "no-cache");

    private final boolean enabled;
    private final Map<String, Optional<PageFile>> files = new ConcurrentHashMap<>();

    @Inject
    PageRoutes(PageConfig config) {
        this.enabled = config.enabled();
    }

    void serve(@Observes Router router) {
        if (!enabled) return;
        for (HttpMethod method : new HttpMethod[] {HttpMethod.GET, HttpMethod.HEAD}) {
            router.route(method, "/").handler(exchange -> answer(exchange, INDEX));
            router.route(method, "/page/:file").handler(exchange -> answer(exchange, exchange.pathParam("file")));
        }
    }

    private void answer(RoutingContext exchange, String name) {
        Optional<PageFile> found = LaunchMode.current() == LaunchMode.DEVELOPMENT ? PageFile.read(name) : kept(name);
        if (found.isEmpty()) {
            exchange.next();
            return;
        }
        PageFile file = found.get();
        HttpServerResponse response = exchange.response();
        HEADERS.forEach(response::putHeader);
        response.putHeader(HttpHeaders.ETAG, file.tag());
        if (file.tag().equals(exchange.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, file.type());
        response.putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(file.bytes().length));
        if (exchange.request().method() == HttpMethod.HEAD) response.end();
        else response.end(Buffer.buffer(file.bytes()));
    }

    /** Only what there is: names that people invent must not fill the memory. */
    private Optional<PageFile> kept(String name) {
        Optional<PageFile> known = files.get(name);
        if (known != null) return known;
        Optional<PageFile> read = PageFile.read(name);
        read.ifPresent(file -> files.put(name, read));
        return read;
    }
}
