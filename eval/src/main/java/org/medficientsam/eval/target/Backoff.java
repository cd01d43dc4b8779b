package org.medficientsam.eval.target;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before trying again: doubling from 0.2 s to 10 s, half of it by chance so that many clients do not come
 * back together; never sooner than the server asked.
 */
final class Backoff {

    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final DoubleSupplier chance;
    private final Clock clock;

    /** @param chance uniform in [0, 1) */
    Backoff(DoubleSupplier chance, Clock clock) {
        this.chance = chance;
        this.clock = clock;
    }

    /**
     * @param attempt the one that failed, from 1
     * @param retryAfter the header's value: seconds or an HTTP date
     */
    Duration delay(int attempt, Optional<String> retryAfter) {
        double doubled = FIRST.toMillis() * Math.pow(2, Math.min(attempt - 1, 16));
        double ceiling = Math.min(LONGEST.toMillis(), doubled);
        Duration own = Duration.ofMillis((long) (ceiling / 2 + ceiling / 2 * chance.getAsDouble()));
        Duration asked = retryAfter.flatMap(this::parse).orElse(Duration.ZERO);
        return asked.compareTo(own) > 0 ? asked : own;
    }

    private Optional<Duration> parse(String header) {
        try {
            if (header.matches("\\d{1,6}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(header)));
            }
            ZonedDateTime date = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Optional.of(Duration.between(clock.instant(), date.toInstant()));
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }
}
