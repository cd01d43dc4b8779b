package org.medficientsam.segmenter.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A decoder made for volumes: beside the box it is prompted with the mask logits of the neighbouring slice, by SAM's own
 * {@code mask_input} and {@code has_mask_input}, and with the box and the place in it of the whole object. Safe to use from several threads.
 */
public final class MaskPropagator implements AutoCloseable {
    private static final String EMBEDDING = "image_embeddings";
    private static final String BOXES = "boxes";
    private static final String MASK = "mask_input";
    private static final String HAS_MASK = "has_mask_input";
    private static final String PROMPT_BOXES = "prompt_boxes";
    private static final String HEIGHTS = "heights";

    private final OnnxGraph graph;
    private final int maskSize;
    private final float[] none;
    // As many as there are runs at once. Native memory of their own for each run would pile up until a garbage
    // collection.
    private final Queue<FloatBuffer> masks = new ConcurrentLinkedQueue<>();

    private MaskPropagator(OnnxGraph graph, int maskSize) {
        this.graph = graph;
        this.maskSize = maskSize;
        this.none = new float[maskSize * maskSize];
    }

    static MaskPropagator open(OnnxGraph graph, ModelManifest manifest) {
        int size = manifest.maskSize();
        try {
            graph.requireInputs(EMBEDDING, BOXES, MASK, HAS_MASK, PROMPT_BOXES, HEIGHTS);
            graph.requireInput(
                    EMBEDDING, OnnxJavaType.FLOAT, manifest.embedding().axes());
            graph.requireInput(BOXES, OnnxJavaType.FLOAT, OnnxGraph.FREE, 4);
            graph.requireInput(MASK, OnnxJavaType.FLOAT, OnnxGraph.FREE, 1, size, size);
            graph.requireInput(HAS_MASK, OnnxJavaType.FLOAT, OnnxGraph.FREE, 1);
            graph.requireInput(PROMPT_BOXES, OnnxJavaType.FLOAT, OnnxGraph.FREE, 4);
            graph.requireInput(HEIGHTS, OnnxJavaType.FLOAT, OnnxGraph.FREE, 1);
            graph.requireOutput("low_res_masks", OnnxJavaType.FLOAT, OnnxGraph.ANY, 1, size, size);
            graph.requireOutput("iou", OnnxJavaType.FLOAT, OnnxGraph.ANY, 1);
        } catch (InvalidBundleException e) {
            graph.close();
            throw e;
        }
        return new MaskPropagator(graph, size);
    }

    /**
     * @param embedding of the slice, by the encoder of the same bundle
     * @param box what is expected in the slice
     * @return logits (maskSize, maskSize)
     * @throws InferenceException if the runtime fails
     */
    public MaskLogits decode(ImageEmbedding embedding, PromptBox box, PropagatorPrompt prompt) {
        FloatBuffer pooled = masks.poll();
        FloatBuffer mask = pooled == null ? OnnxGraph.directFloats(maskSize * maskSize) : pooled;
        // Zeros where there is none: nothing of an earlier request may reach this one.
        mask.put(prompt.neighbour().map(MaskLogits::values).orElse(none)).rewind();
        try (OnnxTensor boxes = numbers(box.corners());
                OnnxTensor drawn = numbers(prompt.drawn().corners());
                OnnxTensor height = numbers(prompt.height());
                OnnxTensor maskInput = OnnxGraph.tensor(mask, 1, 1, maskSize, maskSize);
                OnnxTensor hasMask = numbers(prompt.neighbour().isPresent() ? 1 : 0);
                OrtSession.Result result = graph.run(Map.of(
                        EMBEDDING,
                        embedding.tensor(),
                        BOXES,
                        boxes,
                        MASK,
                        maskInput,
                        HAS_MASK,
                        hasMask,
                        PROMPT_BOXES,
                        drawn,
                        HEIGHTS,
                        height))) {
            return MaskLogits.adopt(
                    OnnxGraph.floats(result, "low_res_masks"), maskSize, OnnxGraph.floats(result, "iou")[0]);
        } catch (OrtException e) {
            throw new InferenceException("propagator.onnx could not be given a box and a mask", e);
        } finally {
            masks.add(mask);
        }
    }

    private static OnnxTensor numbers(float... values) throws OrtException {
        return OnnxGraph.tensor(OnnxGraph.directFloats(values), 1, values.length);
    }

    @Override
    public void close() {
        graph.close();
    }
}
