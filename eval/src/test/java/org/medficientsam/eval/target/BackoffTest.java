package org.medficientsam.eval.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-01-02T12:00:00Z"), ZoneOffset.UTC);

    private static Duration delay(double chance, int attempt, String retryAfter) {
        return new Backoff(() -> chance, NOON)
                .delay(attempt, Optional.of(retryAfter).filter(text -> !text.isEmpty()));
    }

    @Test
    void delaysDoubleToTenSecondsAndVaryByHalf() {
        assertEquals(Duration.ofMillis(100), delay(0, 1, ""));
        assertEquals(Duration.ofMillis(150), delay(0.5, 1, ""));
        assertEquals(Duration.ofMillis(400), delay(0, 3, ""));
        assertEquals(Duration.ofSeconds(5), delay(0, 12, ""));
        assertThat(delay(0.999, 1_000_000, "")).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(10));
    }

    @Test
    void serverIsNeverAskedSoonerThanItSaid() {
        assertEquals(Duration.ofSeconds(30), delay(0.5, 1, "30"));
        assertEquals(Duration.ofSeconds(90), delay(0.5, 1, "Fri, 2 Jan 2026 12:01:30 GMT"));
        assertEquals(Duration.ofMillis(150), delay(0.5, 1, "0"));
        assertEquals(Duration.ofMillis(150), delay(0.5, 1, "soon"));
        assertEquals(Duration.ofMillis(150), delay(0.5, 1, "Thu, 1 Jan 2026 12:00:00 GMT"));
    }
}
