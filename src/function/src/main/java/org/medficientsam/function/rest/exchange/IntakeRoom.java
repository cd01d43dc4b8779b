package org.medficientsam.function.rest.exchange;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.medficientsam.function.service.FunctionConfig;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;

/** Room for all bodies that are on their way or wait for their turn, and for what they hold where that is longer. */
@Singleton
public final class IntakeRoom {
    private final long memory;
    private final long disk;
    private final AtomicLong usedMemory = new AtomicLong();
    private final AtomicLong usedDisk = new AtomicLong();

    @Inject
    IntakeRoom(FunctionConfig config) {
        this.memory = config.intake().memory().asLongValue();
        this.disk = config.intake().disk().asLongValue();
    }

    /** Room that was taken; closing gives it back, again is harmless. */
    public interface Taken extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Room in {@code java.io.tmpdir} for what a body is inflated to.
     *
     * @throws ProblemException {@link Problem#BUSY} if there is none
     */
    public Taken spool(long bytes) {
        if (!takeDisk(bytes)) throw full();
        AtomicBoolean given = new AtomicBoolean();
        return () -> {
            if (given.compareAndSet(false, true)) giveDisk(bytes);
        };
    }

    static ProblemException full() {
        return new ProblemException(Problem.BUSY, "too many bodies are on their way; try again later");
    }

    /** @return whether there was room, which is then taken */
    boolean takeMemory(long bytes) {
        return take(usedMemory, bytes, memory);
    }

    /** @return whether there was room, which is then taken */
    boolean takeDisk(long bytes) {
        return take(usedDisk, bytes, disk);
    }

    private static boolean take(AtomicLong used, long bytes, long most) {
        if (used.addAndGet(bytes) <= most) return true;
        used.addAndGet(-bytes);
        return false;
    }

    void giveMemory(long bytes) {
        usedMemory.addAndGet(-bytes);
    }

    void giveDisk(long bytes) {
        usedDisk.addAndGet(-bytes);
    }
}
