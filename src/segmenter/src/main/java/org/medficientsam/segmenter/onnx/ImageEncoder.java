package org.medficientsam.segmenter.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.medficientsam.segmenter.bundle.InvalidBundleException;
import org.medficientsam.segmenter.bundle.ModelBundle;
import org.medficientsam.segmenter.bundle.ModelManifest;
import org.medficientsam.segmenter.picture.ImageSlice;
import org.medficientsam.segmenter.picture.MinMaxScaling;

/**
 * The image encoder: an 8-bit slice in, an embedding out, in two steps so that their costs can be told apart. Safe to use
 * from several threads.
 */
public final class ImageEncoder implements AutoCloseable {
    /** Embeddings that were brought back and whose memory waits for the next ones. */
    private static final int MOST_IDLE = 4;

    private final OnnxGraph graph;
    private final EncoderSignature signature;
    private final int inputSize;
    private final ConcurrentLinkedQueue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<FloatBuffer> idleEmbeddings = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();

    private ImageEncoder(OnnxGraph graph, EncoderSignature signature, int inputSize) {
        this.graph = graph;
        this.signature = signature;
        this.inputSize = inputSize;
    }

    /**
     * @param threads that one run may use
     * @throws InvalidBundleException if the graph cannot be loaded or does not have the signature it must have
     */
    public static ImageEncoder open(ModelBundle bundle, int threads) {
        Optional<ModelManifest> manifest = bundle.manifest();
        OnnxGraph graph = OnnxGraph.load(bundle, bundle.encoder(), threads);
        try {
            EncoderSignature signature = manifest.isPresent()
                    ? EncoderSignature.described(graph, manifest.get())
                    : EncoderSignature.original(graph);
            int inputSize = manifest.isPresent() ? manifest.get().inputSize() : signature.inputSize(graph);
            return new ImageEncoder(graph, signature, inputSize);
        } catch (InvalidBundleException e) {
            graph.close();
            throw e;
        }
    }

    /**
     * Side S of the square picture the network is meant to see; 0 if the graph brings slices to its size itself and does not tell.
     */
    public int inputSize() {
        return inputSize;
    }

    /** Whether the graph resizes: slices are then given to it as they are, else with their longer side = S. */
    public boolean resizes() {
        return signature == EncoderSignature.RAW;
    }

    /**
     * Scales the slice to [0, 1] by its own minimum and maximum over all channels (a constant slice becomes 0), pads it with 0
     * on the right and below, and lays it out as the graph wants it; grey becomes three equal channels.
     *
     * @param slice at most size x size, or of any size where the graph {@link #resizes()}
     * @param size side of the padded picture: S, or another one that the bundle's manifest offers
     * @throws IllegalArgumentException if the slice is larger than that
     */
    public EncoderInput prepare(ImageSlice slice, int size) {
        return prepare(slice, resizes() ? MinMaxScaling.FULL : MinMaxScaling.of(slice), size);
    }

    /**
     * The same by another minimum and maximum, between which the slice's values lie.
     *
     * @throws IllegalArgumentException if the slice is larger than size x size where the graph does not resize
     */
    public EncoderInput prepare(ImageSlice slice, MinMaxScaling scaling, int size) {
        if (!resizes() && Math.max(slice.height(), slice.width()) > size)
            throw new IllegalArgumentException(
                    "slice must fit into %d x %d, got %d x %d".formatted(size, size, slice.height(), slice.width()));
        int bytes = signature.bytes(slice, size);
        ByteBuffer memory = borrow(bytes);
        signature.fill(slice, scaling, size, memory);
        return new EncoderInput(this, memory, signature.shape(slice, size), slice.height(), slice.width());
    }

    /** @throws InferenceException if the runtime fails */
    public ImageEmbedding encode(EncoderInput input) {
        try (OnnxTensor image = signature.tensor(input.memory(), input.shape());
                @Nullable OnnxTensor size = signature.originalSize(input)) {
            Map<String, OnnxTensor> inputs = new HashMap<>();
            inputs.put(EncoderSignature.IMAGE, image);
            if (size != null) inputs.put(EncoderSignature.ORIGINAL_SIZE, size);
            return new ImageEmbedding(graph.run(inputs), open);
        } catch (OrtException e) {
            throw new InferenceException("encoder.onnx could not be given a slice", e);
        }
    }

    /**
     * An embedding that this encoder, or another of the same bundle, made earlier.
     *
     * @throws InferenceException if the runtime fails
     */
    public ImageEmbedding restore(EmbeddingValues kept) {
        float[] values = kept.values();
        FloatBuffer pooled = idleEmbeddings.poll();
        FloatBuffer memory =
                pooled != null && pooled.capacity() == values.length ? pooled : OnnxGraph.directFloats(values.length);
        memory.put(values).rewind();
        try {
            OnnxTensor tensor = OnnxGraph.tensor(memory, kept.shape());
            return new ImageEmbedding(tensor, () -> giveBack(tensor, memory), open);
        } catch (OrtException e) {
            throw new InferenceException("an embedding could not be brought back", e);
        }
    }

    private void giveBack(OnnxTensor tensor, FloatBuffer memory) {
        tensor.close();
        if (idleEmbeddings.size() < MOST_IDLE) idleEmbeddings.add(memory);
    }

    /** Native memory is reused: it would only be freed by the garbage collector, which does not feel its weight. */
    private ByteBuffer borrow(int bytes) {
        ByteBuffer memory = idle.poll();
        return memory != null && memory.capacity() == bytes
                ? memory
                : ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    void giveBack(ByteBuffer memory) {
        idle.add(memory);
    }

    /** Embeddings that have not been closed yet. */
    public int openEmbeddings() {
        return open.get();
    }

    @Override
    public void close() {
        graph.close();
    }
}
