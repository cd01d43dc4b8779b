package org.medficientsam.segmenter.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the encoder made of one slice, in native memory that this object owns: it goes to the decoder as it is and never
 * passes the heap. One embedding serves any number of boxes, from several threads at once.
 */
public final class ImageEmbedding implements AutoCloseable {
    private final OrtSession.Result owner;
    private final OnnxTensor tensor;
    private final AtomicInteger open; // how many of its encoder's are open

    ImageEmbedding(OrtSession.Result owner, AtomicInteger open) {
        this.owner = owner;
        this.tensor = (OnnxTensor) owner.get(0);
        this.open = open;
        open.incrementAndGet();
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

    /** Frees the native memory; again is harmless. */
    @Override
    public void close() {
        if (tensor.isClosed()) return;
        owner.close();
        open.decrementAndGet();
    }
}
