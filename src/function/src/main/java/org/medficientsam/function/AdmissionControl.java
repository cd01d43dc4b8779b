package org.medficientsam.function;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * Bounds the cases in flight. A case passes before its body is read, so that waiting costs no memory and what is beyond the queue
 * is refused at once.
 */
@ApplicationScoped
class AdmissionControl {
    private final Semaphore admitted; // running and waiting
    private final Semaphore running;
    private final int concurrency;
    private final int queue;

    @Inject
    AdmissionControl(FunctionConfig config) {
        this(config.concurrency(), config.queue());
    }

    AdmissionControl(int concurrency, int queue) {
        this.admitted = new Semaphore(concurrency + queue);
        this.running = new Semaphore(concurrency, true);
        this.concurrency = concurrency;
        this.queue = queue;
    }

    /**
     * Waits for a turn and runs the case on this thread.
     *
     * @throws ProblemException {@link Problem#BUSY} if as many wait as may
     */
    <T> T inTurn(Run<T> run) throws IOException {
        if (!admitted.tryAcquire()) {
            throw new ProblemException(
                    Problem.BUSY,
                    "%d cases are running and %d are waiting; try again later".formatted(concurrency, queue));
        }
        try {
            running.acquire();
            try {
                return run.run();
            } finally {
                running.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.BUSY, "the service is stopping");
        } finally {
            admitted.release();
        }
    }

    /** Cases that are being segmented. */
    int running() {
        return concurrency - running.availablePermits();
    }

    /** Cases that wait for their turn. */
    int waiting() {
        return running.getQueueLength();
    }

    /** One case's work. */
    interface Run<T> {
        T run() throws IOException;
    }
}
