package org.medficientsam.segmenter;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.medficientsam.segmenter.onnx.ImageEmbedding;

/**
 * Encodes slices before they are asked for, a few at a time, on worker threads: embeddings do not depend on prompts. Only
 * the order of {@code slices} decides what comes out, not the number of workers.
 */
final class EncodeAhead implements AutoCloseable {
    private final ExecutorService workers;
    private final IntFunction<ImageEmbedding> encode;
    private final Iterator<Integer> slices;
    private final Deque<Future<ImageEmbedding>> ahead = new ArrayDeque<>();
    private volatile boolean closed;

    /** @param lookAhead embeddings that may be on their way or waiting */
    EncodeAhead(ExecutorService workers, int lookAhead, List<Integer> slices, IntFunction<ImageEmbedding> encode) {
        this.workers = workers;
        this.encode = encode;
        this.slices = slices.iterator();
        for (int i = 0; i < lookAhead; i++) submitNext();
    }

    private void submitNext() {
        if (!slices.hasNext()) return;
        int z = slices.next();
        ahead.add(workers.submit(() -> {
            if (closed) throw new IllegalStateException("nobody waits for slice %d".formatted(z));
            return encode.apply(z);
        }));
    }

    /** The embedding of the next slice in order; the caller closes it. */
    ImageEmbedding next() {
        ImageEmbedding embedding = Workers.await(ahead.remove());
        submitNext();
        return embedding;
    }

    /** Waits for what is on its way, as a run cannot be broken off, and frees it. */
    @Override
    public void close() {
        closed = true;
        for (Future<ImageEmbedding> future : ahead) Workers.discard(future, ImageEmbedding::close);
    }
}
