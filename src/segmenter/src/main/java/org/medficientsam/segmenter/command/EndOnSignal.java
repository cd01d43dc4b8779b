package org.medficientsam.segmenter.command;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jline.utils.Signals;
import org.medficientsam.segmenter.onnx.NativeWork;

/**
 * Lets a signal end the process between two runs of the model and with no file half written. The JVM's own way runs shutdown
 * hooks; in one ONNX Runtime frees itself, under the run that is under way.
 */
final class EndOnSignal {
    /** As a shell tells it: 128 and the signal's number. */
    private static final Map<String, Integer> STATUS = Map.of("HUP", 129, "INT", 130, "TERM", 143);

    /** Read by those that write files, several at once; a signal waits for all of them. */
    private static final ReentrantReadWriteLock WRITING = new ReentrantReadWriteLock();

    private EndOnSignal() {}

    static void register() {
        STATUS.forEach((signal, status) -> Signals.register(signal, () -> {
            NativeWork.stop();
            WRITING.writeLock().lock();
            Runtime.getRuntime().halt(status);
        }));
    }

    /** Something that no signal may cut short. */
    interface Work<T> {
        T get() throws IOException;
    }

    static <T> T uninterrupted(Work<T> work) throws IOException {
        WRITING.readLock().lock();
        try {
            return work.get();
        } finally {
            WRITING.readLock().unlock();
        }
    }
}
