package org.medficientsam.function.rest.exchange;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.medficientsam.function.service.FunctionConfig;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;

/**
 * Who may ask, before a byte of a body is taken: by a name of this server; who brings the token, where one is set; from a browser only a
 * page that was served here, unless origins are configured, which Quarkus then checks; and not too often.
 */
@ApplicationScoped
class AccessControl {
    /** Methods that change nothing. */
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    /** Files of the page, without data of anybody: it asks for the token itself. */
    private static final List<String> PAGE = List.of("/", "/index.html", "/favicon.ico", "/page");

    private final Optional<TokenCheck> token;
    private final HostNames hosts;
    private final boolean sameOrigin;
    private final Optional<RateLimit> rate;

    @Inject
    AccessControl(
            FunctionConfig config,
            @ConfigProperty(name = "quarkus.http.cors.enabled", defaultValue = "false") boolean cors,
            @ConfigProperty(name = "quarkus.http.cors.origins") Optional<List<String>> origins,
            @ConfigProperty(name = "quarkus.http.host", defaultValue = "0.0.0.0") String listened) {
        this.token = config.token().map(text -> new TokenCheck(text, config.wrongTokens()));
        this.hosts =
                HostNames.of(config.hosts(), listened, token.isPresent(), cors ? origins.orElse(List.of()) : List.of());
        this.sameOrigin = config.sameOrigin() && !cors;
        this.rate = config.rateLimit().isPresent()
                ? Optional.of(new RateLimit(config.rateLimit().getAsInt()))
                : Optional.empty();
    }

    void watch(@Observes Router router) {
        router.route().order(RouteOrder.ACCESS).handler(exchange -> {
            Optional<ProblemException> refusal = refusal(exchange);
            if (refusal.isEmpty()) exchange.next();
            else exchange.fail(refusal.get().problem().status(), refusal.get());
        });
    }

    private Optional<ProblemException> refusal(RoutingContext exchange) {
        HttpServerRequest request = exchange.request();
        if (!isHealth(exchange) && !hosts.know(request))
            return refused(
                    Problem.UNKNOWN_HOST,
                    "Host must be localhost, an address or a name that medficientsam.hosts has, got "
                            + ProblemException.excerpt(HostNames.named(request)));
        Optional<ProblemException> stranger =
                isOpen(exchange) ? Optional.empty() : token.flatMap(check -> check.refusal(request));
        if (stranger.isPresent()) {
            if (stranger.get().problem() == Problem.UNAUTHORIZED)
                exchange.response().putHeader("WWW-Authenticate", "Bearer");
            return stranger;
        }
        if (SAFE.contains(request.method())) return Optional.empty();
        if (sameOrigin && isFromElsewhere(request))
            return refused(
                    Problem.CROSS_ORIGIN,
                    "a page that was served elsewhere must be of an origin that quarkus.http.cors.origins names");
        if (rate.isPresent() && !rate.get().allows(request.remoteAddress().hostAddress()))
            return refused(
                    Problem.RATE_LIMITED,
                    "at most %d requests a minute are taken from one address; try again later"
                            .formatted(rate.get().perMinute()));
        return Optional.empty();
    }

    private static Optional<ProblemException> refused(Problem problem, String detail) {
        return Optional.of(new ProblemException(problem, detail));
    }

    private static boolean isOpen(RoutingContext exchange) {
        HttpMethod method = exchange.request().method();
        if (method == HttpMethod.OPTIONS) return true; // browsers ask so before they show a token
        if (isHealth(exchange)) return true;
        String path = exchange.normalizedPath();
        return SAFE.contains(method) && (PAGE.contains(path) || path.startsWith("/page/"));
    }

    static boolean isHealth(RoutingContext exchange) {
        String path = exchange.normalizedPath();
        return path.equals("/q/health") || path.startsWith("/q/health/");
    }

    /** Browsers tell where a page came from; other programs tell nothing, and are not led by pages. */
    private static boolean isFromElsewhere(HttpServerRequest request) {
        @Nullable String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null) return !isHere(origin, request.authority());
        @Nullable String site = request.getHeader("Sec-Fetch-Site");
        return site != null && !site.equals("same-origin") && !site.equals("none");
    }

    private static boolean isHere(String origin, @Nullable HostAndPort here) {
        if (here == null) return false;
        try {
            URI from = URI.create(origin);
            int usual = "https".equals(from.getScheme()) ? 443 : 80;
            int fromPort = from.getPort() < 0 ? usual : from.getPort();
            int herePort = here.port() < 0 ? usual : here.port();
            return here.host().equalsIgnoreCase(from.getHost()) && fromPort == herePort;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
