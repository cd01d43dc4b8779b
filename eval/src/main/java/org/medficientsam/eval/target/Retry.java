package org.medficientsam.eval.target;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Attempts at what may succeed by waiting, at growing distances, until one is settled or patience runs out. */
final class Retry {

    private final Duration patience;
    private final Backoff backoff =
            new Backoff(() -> ThreadLocalRandom.current().nextDouble(), Clock.systemUTC());

    /** @param patience from the first attempt to the start of the last */
    Retry(Duration patience) {
        this.patience = patience;
    }

    /** What came of an attempt. */
    sealed interface Attempt<T> {}

    /** There is nothing to be gained by another. */
    record Settled<T>(T result) implements Attempt<T> {}

    /**
     * Another may do better.
     *
     * @param trouble what was wrong, as the end of a sentence about the target
     * @param retryAfter the header's value, if one was sent
     * @param connectionBroke whether it broke while the case was on its way, which the case itself may have caused
     * @param seconds how long it took
     */
    record Passing<T>(String trouble, Optional<String> retryAfter, boolean connectionBroke, double seconds)
            implements Attempt<T> {

        static <T> Passing<T> because(String trouble) {
            return new Passing<>(trouble, Optional.empty(), false, 0);
        }
    }

    /** One attempt. */
    interface Try<T> {
        /** @param number from 1 */
        Attempt<T> attempt(int number) throws InterruptedException;
    }

    /** What to do before each new attempt, such as starting a process that died. */
    interface Revival {
        void revive() throws InterruptedException;
    }

    /** The result when patience has run out; may throw instead. */
    interface GivingUp<T> {
        T after(int attempts, Passing<T> last) throws InterruptedException;
    }

    <T> T until(Try<T> tried, Revival revival, GivingUp<T> givingUp) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        for (int number = 1; ; number++) {
            Attempt<T> attempt = tried.attempt(number);
            if (attempt instanceof Settled<T> settled) {
                return settled.result;
            }
            Passing<T> passing = (Passing<T>) attempt;
            Duration delay = backoff.delay(number, passing.retryAfter);
            if (System.nanoTime() + delay.toNanos() > deadline) {
                return givingUp.after(number, passing);
            }
            Thread.sleep(delay.toMillis());
            revival.revive();
        }
    }
}
