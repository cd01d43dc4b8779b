package org.medficientsam.function;

import java.time.Duration;
import java.util.Optional;

/**
 * When this thread's invocation must be done: a little before Lambda would kill it, so that it can still say why it is not. None
 * outside Lambda.
 */
final class Deadline {
    /** For the answer, or the refusal, to get out. */
    static final Duration RESERVE = Duration.ofSeconds(1);

    private static final ThreadLocal<Deadline> CURRENT = new ThreadLocal<>();

    private final long endNanos;

    private Deadline(Duration untilKilled) {
        this.endNanos = System.nanoTime() + untilKilled.minus(RESERVE).toNanos();
    }

    /** From here on this thread works under a deadline, until {@link #leave}. */
    static void enter(Duration untilKilled) {
        CURRENT.set(new Deadline(untilKilled));
    }

    static void leave() {
        CURRENT.remove();
    }

    static Optional<Deadline> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** Never negative. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    boolean isOver() {
        return remaining().isZero();
    }
}
