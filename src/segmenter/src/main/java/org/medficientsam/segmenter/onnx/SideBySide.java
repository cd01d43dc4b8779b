package org.medficientsam.segmenter.onnx;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Two things that are done at the same time, where a model is opened. */
public final class SideBySide {
    /**
     * A thread that stays: the C library gives each new one another of its arenas, and what a graph leaves in one when it is closed
     * a graph that is opened in another cannot use.
     */
    private static final Executor THREADS =
            new ThreadPoolExecutor(1, Integer.MAX_VALUE, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), work -> {
                Thread thread = new Thread(work, "beside");
                thread.setDaemon(true);
                return thread;
            });

    private SideBySide() {}

    /**
     * What {@code load} gives, once {@code check}, done on another thread meanwhile, has not thrown.
     *
     * @throws RuntimeException what {@code check} threw, else what {@code load} threw; what was loaded is closed then
     */
    public static <G extends AutoCloseable> G call(Supplier<G> load, Runnable check) {
        FutureTask<Void> checking = new FutureTask<>(check, null);
        THREADS.execute(checking);
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
