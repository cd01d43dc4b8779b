package org.medficientsam.segmenter.onnx;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** Two things that are done at the same time, where a model is opened. */
public final class SideBySide {
    private SideBySide() {}

    /**
     * What {@code load} gives, once {@code check}, done on another thread meanwhile, has not thrown.
     *
     * @throws RuntimeException what {@code check} threw, else what {@code load} threw; what was loaded is closed then
     */
    public static <G extends AutoCloseable> G call(Supplier<G> load, Runnable check) {
        FutureTask<Void> checking = new FutureTask<>(check, null);
        Thread thread = new Thread(checking, "beside-" + Thread.currentThread().getName());
        thread.setDaemon(true);
        thread.start();
        G loaded;
        try {
            loaded = load.get();
        } catch (RuntimeException e) {
            await(checking); // a file that is not what it should be explains why it cannot be loaded
            throw e;
        }
        try {
            await(checking);
            return loaded;
        } catch (RuntimeException e) {
            close(loaded);
            throw e;
        }
    }

    private static void await(FutureTask<Void> task) {
        boolean interrupted = false;
        try {
            while (true)
                try {
                    task.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true; // it takes a moment, and nothing may be used before it ends
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof RuntimeException ours) throw ours;
                    if (e.getCause() instanceof Error error) throw error;
                    throw new IllegalStateException("work must not throw checked exceptions", e);
                }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    private static void close(AutoCloseable loaded) {
        try {
            loaded.close();
        } catch (Exception e) {
            throw new IllegalStateException("a graph must not throw checked exceptions", e);
        }
    }
}
