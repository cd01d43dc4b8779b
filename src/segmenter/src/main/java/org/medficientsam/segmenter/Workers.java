package org.medficientsam.segmenter;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The threads of a segmenter, shared by all its requests. Encoding ahead and decoding have threads of their own: who waits
 * for a decode must not wait behind slices that nobody needs yet.
 */
final class Workers implements AutoCloseable {
    private final int count;
    private final ExecutorService encoding;
    private final ExecutorService decoding;

    Workers(int count) {
        this.count = count;
        encoding = pool("encode", count);
        decoding = pool("decode", count);
    }

    private static ExecutorService pool(String name, int count) {
        AtomicInteger number = new AtomicInteger();
        return Executors.newFixedThreadPool(count, work -> {
            Thread thread = new Thread(work, "segmenter-" + name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    int count() {
        return count;
    }

    ExecutorService encoding() {
        return encoding;
    }

    /**
     * Does all of it, side by side where there is more than one; results in the order of the work.
     *
     * @throws SegmentationStoppedException if the thread is interrupted
     */
    <T> List<T> decodeAll(List<Callable<T>> work) {
        if (work.size() == 1 || count == 1) {
            List<T> results = new ArrayList<>();
            for (Callable<T> one : work) {
                if (Thread.currentThread().isInterrupted()) throw new SegmentationStoppedException();
                results.add(call(one));
            }
            return results;
        }
        List<Future<T>> futures = work.stream().map(decoding::submit).toList();
        List<T> results = new ArrayList<>();
        try {
            for (Future<T> future : futures) results.add(await(future));
            return results;
        } finally { // whoever fails, the embedding must not be closed under a running decode
            for (Future<T> future : futures.subList(results.size(), futures.size())) discard(future, result -> {});
        }
    }

    private static <T> T call(Callable<T> work) {
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("work must not throw checked exceptions", e);
        }
    }

    /** The result, or what the work threw. */
    static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SegmentationStoppedException();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException ours) throw ours;
            if (e.getCause() instanceof Error error) throw error;
            throw new IllegalStateException("work must not throw checked exceptions", e);
        }
    }

    /** Waits for the work to end, interrupted or not, and gives its result to {@code free} if there is one. */
    static <T> void discard(Future<T> future, Consumer<T> free) {
        boolean interrupted = false;
        try {
            while (true)
                try {
                    free.accept(future.get());
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    return; // it left nothing to free
                }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        encoding.shutdown();
        decoding.shutdown();
    }
}
