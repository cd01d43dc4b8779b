package org.medficientsam.function.rest.exchange;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Who an exchange is of, as far as that can be told: its client's own header and bearer token, else its address. */
public final class Owners {
    /** The header by which a client is known. */
    public static final String CLIENT = "Medficientsam-Client";

    private Owners() {}

    /** The same text for the same owner; tells nothing of token or header. */
    public static String of(RoutingContext exchange) {
        @Nullable String client = exchange.request().getHeader(CLIENT);
        @Nullable String token = exchange.request().getHeader(HttpHeaders.AUTHORIZATION);
        String known = client != null || token != null
                ? "client\n" + client + "\n" + token
                : "address\n" + exchange.request().remoteAddress().hostAddress();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(known.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
