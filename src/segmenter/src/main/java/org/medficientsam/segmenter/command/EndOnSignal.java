package org.medficientsam.segmenter.command;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.medficientsam.segmenter.onnx.NativeWork;

/**
 * Lets a signal end the process between two runs of the model and with no file half written. The JVM's own way runs shutdown
 * hooks; in one ONNX Runtime frees itself, under the run that is under way.
 *
 * <p>{@code sun.misc.Signal} is reached by reflection as compilers warn of it. The libraries that do this begin logging first, which takes a start
 * 40 ms.
 */
final class EndOnSignal {
    /** As a shell tells it: 128 and the signal's number. */
    private static final Map<String, Integer> STATUS = Map.of("HUP", 129, "INT", 130, "TERM", 143);

    /** Read by those that write files, several at once; a signal waits for all of them. */
    private static final ReentrantReadWriteLock WRITING = new ReentrantReadWriteLock();

    private EndOnSignal() {}

    static void register() {
        try {
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Class<?> signal = Class.forName("sun.misc.Signal");
            Method handle = signal.getMethod("handle", signal, handler);
            for (Map.Entry<String, Integer> end : STATUS.entrySet())
                register(end.getKey(), end.getValue(), signal, handler, handle);
        } catch (ReflectiveOperationException e) {
            // No JVM with signals: they end the process its own way.
        }
    }

    private static void register(String name, int status, Class<?> signal, Class<?> handler, Method handle)
            throws ReflectiveOperationException {
        Object ours = Proxy.newProxyInstance(
                EndOnSignal.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                    if (method.getName().equals("handle")) end(status);
                    return null;
                });
        try {
            handle.invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
        } catch (InvocationTargetException e) {
            // One that this system does not have, or that the JVM was told to leave alone (-Xrs).
        }
    }

    private static void end(int status) {
        NativeWork.stop();
        WRITING.writeLock().lock();
        Runtime.getRuntime().halt(status);
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
