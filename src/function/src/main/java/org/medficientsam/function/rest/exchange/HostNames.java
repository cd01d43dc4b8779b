package org.medficientsam.function.rest.exchange;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * By which names this server may be asked. A page from elsewhere can have its own name lead to this machine after it was loaded (DNS
 * rebinding); to the browser it was then served here. Its requests still carry that name. An address is nobody's name, so requests by
 * address always pass, as probes and proxies send them.
 */
final class HostNames {
    /** What no name server elsewhere can give out: RFC 6761, and {@code internal}, which containers call their machine by. */
    private static final Set<String> LOCAL = Set.of("localhost", "host.docker.internal", "host.containers.internal");

    private static final Pattern ADDRESS = Pattern.compile("\\[?[0-9a-f:.]*:[0-9a-f:.]*]?|\\d+(\\.\\d+){3}");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d+){3}|\\[?::1]?");
    private static final String ANY = "*";

    private final Optional<Set<String>> known; // empty where any will do

    /**
     * Names that are configured; without them any, unless only this machine can ask and nothing else keeps strangers out.
     *
     * @param listened what the server listens to
     * @param guarded whether a token is asked for
     * @param origins of pages elsewhere that may ask
     */
    static HostNames of(Optional<List<String>> configured, String listened, boolean guarded, List<String> origins) {
        if (configured.isPresent()) return new HostNames(configured.get());
        boolean alone =
                LOOPBACK.matcher(listened.strip().toLowerCase(Locale.ROOT)).matches();
        return alone && !guarded
                ? new HostNames(origins.stream()
                        .flatMap(origin -> host(origin).stream())
                        .toList())
                : new HostNames(List.of(ANY));
    }

    private HostNames(List<String> names) {
        Set<String> all = new HashSet<>(LOCAL);
        names.forEach(name -> all.add(plain(name)));
        known = all.contains(ANY) ? Optional.empty() : Optional.of(all);
    }

    private static Optional<String> host(String origin) {
        try {
            return Optional.ofNullable(URI.create(origin.strip()).getHost());
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a pattern
        }
    }

    private static String plain(String name) {
        String lower = name.strip().toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** What the request calls this server. */
    static String named(HttpServerRequest request) {
        @Nullable HostAndPort authority = request.authority();
        return authority == null ? "none" : authority.host();
    }

    /** Whether the request came by one of them, or by none, which no browser does. */
    boolean know(HttpServerRequest request) {
        if (known.isEmpty()) return true;
        @Nullable HostAndPort authority = request.authority();
        if (authority == null) return request.getHeader(HttpHeaders.HOST) == null;
        return knows(authority.host());
    }

    /** Whether it is one of them, or an address. */
    boolean knows(String host) {
        String name = plain(host);
        return known.isEmpty()
                || known.get().contains(name)
                || ADDRESS.matcher(name).matches();
    }
}
