package org.medficientsam.segmenter.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.medficientsam.segmenter.bundle.InvalidBundleException;
import org.medficientsam.segmenter.bundle.ModelBundle;
import org.medficientsam.segmenter.bundle.ModelManifest;
import org.medficientsam.segmenter.picture.PromptBox;

/**
 * A decoder made for volumes: beside the box it is prompted with the mask logits of the neighbouring slice, by SAM's own
 * {@code mask_input} and {@code has_mask_input}, with the box and the place in it of the whole object, with the case's other boxes, and with
 * prototypes of the object where it started. Safe to use from several threads.
 */
public final class MaskPropagator implements AutoCloseable {
    private static final String EMBEDDING = "image_embeddings";
    private static final String BOXES = "boxes";
    private static final String MASK = "mask_input";
    private static final String HAS_MASK = "has_mask_input";
    private static final String PROMPT_BOXES = "prompt_boxes";
    private static final String HEIGHTS = "heights";
    private static final String OTHER_BOXES = "other_boxes";
    private static final String OTHER_HEIGHTS = "other_heights";
    private static final String OTHER_RANKS = "other_ranks";
    private static final String START_APPEARANCE = "start_appearance";

    private final OnnxGraph graph;
    private final int inputSize;
    private final int maskSize;
    private final float[] none;
    private final ObjectPrototypes unseen;
    // As many as there are runs at once. Native memory of their own for each run would pile up until a garbage
    // collection.
    private final Queue<FloatBuffer> masks = new ConcurrentLinkedQueue<>();

    private MaskPropagator(OnnxGraph graph, int inputSize, int maskSize, int prototypesSize) {
        this.graph = graph;
        this.inputSize = inputSize;
        this.maskSize = maskSize;
        this.none = new float[maskSize * maskSize];
        this.unseen = ObjectPrototypes.adopt(new float[prototypesSize]);
    }

    /**
     * @param threads that one run may use
     * @throws InvalidBundleException if there is none, or it cannot be loaded or does not have the signature it must have
     */
    public static MaskPropagator open(ModelBundle bundle, int threads) {
        OnnxGraph graph = OnnxGraph.load(bundle, bundle.propagator(), threads);
        ModelManifest manifest = bundle.manifest().orElseThrow();
        int size = manifest.propagatorMaskSize();
        long prototypes;
        try {
            graph.requireInputs(
                    EMBEDDING,
                    BOXES,
                    MASK,
                    HAS_MASK,
                    PROMPT_BOXES,
                    HEIGHTS,
                    OTHER_BOXES,
                    OTHER_HEIGHTS,
                    OTHER_RANKS,
                    START_APPEARANCE);
            graph.requireInput(
                    EMBEDDING,
                    OnnxJavaType.FLOAT,
                    manifest.propagatorEmbedding().axes());
            graph.requireInput(BOXES, OnnxJavaType.FLOAT, OnnxGraph.FREE, 4);
            graph.requireInput(MASK, OnnxJavaType.FLOAT, OnnxGraph.FREE, 1, size, size);
            graph.requireInput(HAS_MASK, OnnxJavaType.FLOAT, OnnxGraph.FREE, 1);
            graph.requireInput(PROMPT_BOXES, OnnxJavaType.FLOAT, OnnxGraph.FREE, 4);
            graph.requireInput(HEIGHTS, OnnxJavaType.FLOAT, OnnxGraph.FREE, 1);
            graph.requireInput(OTHER_BOXES, OnnxJavaType.FLOAT, OnnxGraph.FREE, OnnxGraph.FREE, 4);
            graph.requireInput(OTHER_HEIGHTS, OnnxJavaType.FLOAT, OnnxGraph.FREE, OnnxGraph.FREE);
            graph.requireInput(OTHER_RANKS, OnnxJavaType.FLOAT, OnnxGraph.FREE, OnnxGraph.FREE);
            graph.requireInput(START_APPEARANCE, OnnxJavaType.FLOAT, OnnxGraph.FREE, OnnxGraph.FIXED);
            prototypes = graph.inputShape(START_APPEARANCE)[1];
            graph.requireOutput("low_res_masks", OnnxJavaType.FLOAT, OnnxGraph.ANY, 1, size, size);
            graph.requireOutput("iou", OnnxJavaType.FLOAT, OnnxGraph.ANY, 1);
            graph.requireOutput("appearance", OnnxJavaType.FLOAT, OnnxGraph.ANY, prototypes);
        } catch (InvalidBundleException e) {
            graph.close();
            throw e;
        }
        return new MaskPropagator(graph, manifest.propagatorInputSize(), size, (int) prototypes);
    }

    /** Side of the square picture that the embedding must come from, pixels. */
    public int inputSize() {
        return inputSize;
    }

    /** Side of the logits it gives, pixels. */
    public int maskSize() {
        return maskSize;
    }

    /** Native memory of the embedding it takes. */
    public long embeddingBytes() {
        return graph.bytesOf(EMBEDDING);
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
        mask.put(prompt.neighbour().map(n -> n.logits().values()).orElse(none)).rewind();
        Others others = Others.of(prompt.others());
        float[] start = prompt.neighbour()
                .map(PropagatorPrompt.Neighbour::start)
                .orElse(unseen)
                .values();
        try (OnnxTensor boxes = numbers(box.corners());
                OnnxTensor drawn = numbers(prompt.drawn().corners());
                OnnxTensor height = numbers(prompt.height());
                OnnxTensor maskInput = OnnxGraph.tensor(mask, 1, 1, maskSize, maskSize);
                OnnxTensor hasMask = numbers(prompt.neighbour().isPresent() ? 1 : 0);
                OnnxTensor otherBoxes =
                        OnnxGraph.tensor(OnnxGraph.directFloats(others.boxes), 1, others.ranks.length, 4);
                OnnxTensor otherHeights = numbers(others.heights);
                OnnxTensor otherRanks = numbers(others.ranks);
                OnnxTensor startAppearance = numbers(start);
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
                        height,
                        OTHER_BOXES,
                        otherBoxes,
                        OTHER_HEIGHTS,
                        otherHeights,
                        OTHER_RANKS,
                        otherRanks,
                        START_APPEARANCE,
                        startAppearance))) {
            return MaskLogits.adopt(
                    OnnxGraph.floats(result, "low_res_masks"),
                    maskSize,
                    OnnxGraph.floats(result, "iou")[0],
                    Optional.of(ObjectPrototypes.adopt(OnnxGraph.floats(result, "appearance"))));
        } catch (OrtException e) {
            throw new InferenceException("propagator.onnx could not be given a box and a mask", e);
        } finally {
            masks.add(mask);
        }
    }

    /** As the graph takes them; where there is none, one of rank 0, which it takes no notice of. */
    private static final class Others {
        private final float[] boxes;
        private final float[] heights;
        private final float[] ranks;

        private Others(int count) {
            boxes = new float[4 * count];
            heights = new float[count];
            ranks = new float[count];
        }

        static Others of(List<OtherPrompt> prompts) {
            Others others = new Others(Math.max(1, prompts.size()));
            for (int i = 0; i < prompts.size(); i++) {
                OtherPrompt prompt = prompts.get(i);
                System.arraycopy(prompt.drawn().corners(), 0, others.boxes, 4 * i, 4);
                others.heights[i] = prompt.height();
                others.ranks[i] = prompt.smaller() ? 1 : -1;
            }
            return others;
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
