package org.medficientsam.segmenter.onnx;

import java.nio.ByteBuffer;

/** A slice as the encoder takes it, in native memory that goes back to the encoder when this is closed. */
public final class EncoderInput implements AutoCloseable {
    private final ImageEncoder owner;
    private final ByteBuffer memory;
    private final long[] shape;
    private final int height; // of the slice, without padding
    private final int width;
    private boolean closed;

    EncoderInput(ImageEncoder owner, ByteBuffer memory, long[] shape, int height, int width) {
        this.owner = owner;
        this.memory = memory;
        this.shape = shape;
        this.height = height;
        this.width = width;
    }

    ByteBuffer memory() {
        if (closed) throw new IllegalStateException("encoder input is closed");
        return memory;
    }

    long[] shape() {
        return shape;
    }

    int height() {
        return height;
    }

    int width() {
        return width;
    }

    @Override
    public void close() {
        if (!closed) owner.giveBack(memory);
        closed = true;
    }
}
