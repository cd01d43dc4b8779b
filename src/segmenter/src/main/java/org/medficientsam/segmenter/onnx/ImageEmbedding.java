package org.medficientsam.segmenter.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the encoder made of one slice, in native memory that this object owns: it goes to the decoder as it is and never
 * passes the heap. One embedding serves any number of boxes, from several threads at once.
 */
public final class ImageEmbedding implements AutoCloseable {
    private final OnnxTensor tensor;
    private final Runnable free;
    private final AtomicInteger open; // how many of its encoder's are open

    /** @param free closes the tensor and what else it lives on */
    ImageEmbedding(OnnxTensor tensor, Runnable free, AtomicInteger open) {
        this.tensor = tensor;
        this.free = free;
        this.open = open;
        open.incrementAndGet();
    }

    ImageEmbedding(OrtSession.Result owner, AtomicInteger open) {
        this((OnnxTensor) owner.get(0), owner::close, open);
    }

    OnnxTensor tensor() {
        if (tensor.isClosed()) throw new IllegalStateException("embedding is closed");
        return tensor;
    }

    /** Native memory it holds. */
    public long bytes() {
        long bytes = Float.BYTES;
        for (long axis : tensor.getInfo().getShape()) bytes *= axis;
        return bytes;
    }

    /** A copy of its numbers, to be kept. */
    public EmbeddingValues copy() {
        return new EmbeddingValues(
                tensor().getFloatBuffer().array(), tensor.getInfo().getShape());
    }

    /** Frees the native memory; again is harmless. */
    @Override
    public void close() {
        if (tensor.isClosed()) return;
        free.run();
        open.decrementAndGet();
    }
}
