package org.medficientsam.function.rest.exchange;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;

/**
 * Whether a request brings the token. From an address that brought too many wrong ones none is looked at for a while: were the right one
 * let through, trying could go on.
 */
final class TokenCheck {
    private static final String BEARER = "Bearer ";

    /** With the token as password, for clients that can do no other; nobody is asked for it in this way. */
    private static final String BASIC = "Basic ";

    /** Of an IPv6 address: the network, of which one machine may have as many addresses as it likes. */
    private static final int NETWORK_BYTES = 8;

    private final byte[] token;
    private final RateLimit wrong;

    /** @param wrongTokens a minute, from one address */
    TokenCheck(String token, int wrongTokens) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.wrong = new RateLimit(wrongTokens);
    }

    /** Why it may not go on; empty if it may. */
    Optional<ProblemException> refusal(HttpServerRequest request) {
        @Nullable String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) return unauthorized();
        String address = address(request.remoteAddress().hostAddress());
        if (!wrong.wouldAllow(address))
            return Optional.of(new ProblemException(
                    Problem.RATE_LIMITED,
                    "at most %d wrong tokens a minute are taken from one address; try again later"
                            .formatted(wrong.perMinute())));
        if (isToken(header)) return Optional.empty();
        wrong.allows(address);
        return unauthorized();
    }

    private static Optional<ProblemException> unauthorized() {
        return Optional.of(
                new ProblemException(Problem.UNAUTHORIZED, "Authorization must be Bearer and this service's token"));
    }

    private static String address(String literal) {
        if (!literal.contains(":")) return literal;
        try {
            byte[] bytes = InetAddress.getByName(literal).getAddress();
            return HexFormat.of().formatHex(Arrays.copyOf(bytes, NETWORK_BYTES));
        } catch (UnknownHostException e) {
            return literal;
        }
    }

    private boolean isToken(String header) {
        String brought = header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip()
                : password(header);
        return MessageDigest.isEqual(brought.getBytes(StandardCharsets.UTF_8), token); // takes as long whatever differs
    }

    private static String password(String header) {
        if (!header.regionMatches(true, 0, BASIC, 0, BASIC.length())) return "";
        try {
            String both = new String(
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip()), StandardCharsets.UTF_8);
            int colon = both.indexOf(':');
            return colon < 0 ? "" : both.substring(colon + 1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
