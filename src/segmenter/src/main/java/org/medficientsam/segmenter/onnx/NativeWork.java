package org.medficientsam.segmenter.onnx;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * What ONNX Runtime is doing, so that a process can end between two runs: whichever way it ends, the library's globals are freed,
 * and a run under way would use them still.
 */
public final class NativeWork {
    private static final ReentrantReadWriteLock GATE = new ReentrantReadWriteLock();

    private NativeWork() {}

    /** @param work that waits for no other work, which could wait for ever once the gate closes */
    static <T> T during(Supplier<T> work) {
        GATE.readLock().lock();
        try {
            return work.get();
        } finally {
            GATE.readLock().unlock();
        }
    }

    /** Waits for what is under way and has whatever comes next wait for ever. Only for a process that ends now. */
    public static void stop() {
        GATE.writeLock().lock();
    }
}
