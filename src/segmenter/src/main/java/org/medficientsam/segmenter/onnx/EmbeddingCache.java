package org.medficientsam.segmenter.onnx;

import java.util.Map;
import java.util.TreeMap;

/**
 * Embeddings of a volume's slices that will be needed again, bounded in bytes of native memory. It owns what it holds.
 *
 * <p>For one request in one thread; which slices to keep is the caller's plan.
 */
public final class EmbeddingCache implements AutoCloseable {
    private final long maxBytes;
    private final Map<Integer, ImageEmbedding> bySlice = new TreeMap<>();
    private long bytes;

    /** @param maxBytes that all embeddings together may hold; 0 keeps none */
    public EmbeddingCache(long maxBytes) {
        if (maxBytes < 0)
            throw new IllegalArgumentException("cache must not be negative, got %d bytes".formatted(maxBytes));
        this.maxBytes = maxBytes;
    }

    /**
     * Takes ownership.
     *
     * @throws IllegalStateException if it does not fit or the slice is there already
     */
    public void put(int z, ImageEmbedding embedding) {
        if (bytes + embedding.bytes() > maxBytes)
            throw new IllegalStateException(
                    "cache of %d bytes must not hold %d".formatted(maxBytes, bytes + embedding.bytes()));
        if (bySlice.putIfAbsent(z, embedding) != null)
            throw new IllegalStateException("slice %d is held already".formatted(z));
        bytes += embedding.bytes();
    }

    /**
     * Hands the embedding of slice {@code z} out; the caller closes it.
     *
     * @throws IllegalStateException if it is not there
     */
    public ImageEmbedding take(int z) {
        ImageEmbedding embedding = bySlice.remove(z);
        if (embedding == null) throw new IllegalStateException("slice %d is not held".formatted(z));
        bytes -= embedding.bytes();
        return embedding;
    }

    /** Native memory it holds now. */
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        bySlice.values().forEach(ImageEmbedding::close);
        bySlice.clear();
        bytes = 0;
    }
}
