package org.medficientsam.segmenter.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.Map;
import java.util.Optional;
import org.medficientsam.segmenter.bundle.InvalidBundleException;
import org.medficientsam.segmenter.bundle.ModelBundle;
import org.medficientsam.segmenter.bundle.ModelManifest;
import org.medficientsam.segmenter.picture.PromptBox;

/**
 * The prompt encoder and mask decoder: an embedding and a box in, mask logits out. Safe to use from several threads.
 *
 * <p>One box per run: batches were measured to be no faster per box, and a mask must not depend on which other boxes are
 * asked for.
 */
public final class MaskDecoder implements AutoCloseable {
    private static final String EMBEDDING = "image_embeddings";
    private static final String BOXES = "boxes";

    private final OnnxGraph graph;
    private final int maskSize;
    private final long[] boxShape; // (1, 4), or (4) in the original project's export
    private final String masks;
    private final boolean estimatesIou;

    private MaskDecoder(OnnxGraph graph, int maskSize, long[] boxShape, String masks, boolean estimatesIou) {
        this.graph = graph;
        this.maskSize = maskSize;
        this.boxShape = boxShape;
        this.masks = masks;
        this.estimatesIou = estimatesIou;
    }

    /**
     * @param threads that one run may use
     * @throws InvalidBundleException if the graph cannot be loaded or does not have the signature it must have
     */
    public static MaskDecoder open(ModelBundle bundle, int threads) {
        Optional<ModelManifest> manifest = bundle.manifest();
        OnnxGraph graph = OnnxGraph.load(bundle, bundle.decoder(), threads);
        try {
            return manifest.isPresent() ? described(graph, manifest.get()) : original(graph);
        } catch (InvalidBundleException e) {
            graph.close();
            throw e;
        }
    }

    private static MaskDecoder described(OnnxGraph graph, ModelManifest manifest) {
        graph.requireInputs(EMBEDDING, BOXES);
        graph.requireInput(EMBEDDING, OnnxJavaType.FLOAT, manifest.embedding().axes());
        graph.requireInput(BOXES, OnnxJavaType.FLOAT, OnnxGraph.FREE, 4);
        graph.requireOutput(
                "low_res_masks", OnnxJavaType.FLOAT, OnnxGraph.ANY, 1, manifest.maskSize(), manifest.maskSize());
        graph.requireOutput("iou", OnnxJavaType.FLOAT, OnnxGraph.ANY, 1);
        return new MaskDecoder(graph, manifest.maskSize(), new long[] {1, 4}, "low_res_masks", true);
    }

    /** The original project's graph ends in the upsampled masks and takes one box without a batch axis. */
    private static MaskDecoder original(OnnxGraph graph) {
        graph.requireInputs(EMBEDDING, BOXES);
        graph.requireInput(EMBEDDING, OnnxJavaType.FLOAT, 1, OnnxGraph.FIXED, OnnxGraph.FIXED, OnnxGraph.FIXED);
        graph.requireInput(BOXES, OnnxJavaType.FLOAT, 4);
        graph.requireOutput("masks", OnnxJavaType.FLOAT, 1, 1, OnnxGraph.FIXED, OnnxGraph.FIXED);
        long[] shape = graph.outputShape("masks");
        if (shape[2] != shape[3])
            throw new InvalidBundleException(
                    "decoder.onnx: output masks must be square, got %d x %d".formatted(shape[2], shape[3]));
        return new MaskDecoder(graph, (int) shape[2], new long[] {4}, "masks", false);
    }

    /** Native memory of the embedding it takes. */
    public long embeddingBytes() {
        return graph.bytesOf(EMBEDDING);
    }

    /** Side of the logits it gives, pixels. */
    public int maskSize() {
        return maskSize;
    }

    /** @throws InferenceException if the runtime fails */
    public MaskLogits decode(ImageEmbedding embedding, PromptBox box) {
        try (OnnxTensor boxes = OnnxGraph.tensor(OnnxGraph.directFloats(box.corners()), boxShape);
                OrtSession.Result result = graph.run(Map.of(EMBEDDING, embedding.tensor(), BOXES, boxes))) {
            float[] values = OnnxGraph.floats(result, masks);
            return MaskLogits.adopt(values, maskSize, estimatesIou ? OnnxGraph.floats(result, "iou")[0] : Float.NaN);
        } catch (OrtException e) {
            throw new InferenceException("decoder.onnx could not be given a box", e);
        }
    }

    @Override
    public void close() {
        graph.close();
    }
}
