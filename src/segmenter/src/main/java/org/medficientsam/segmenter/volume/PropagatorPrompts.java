package org.medficientsam.segmenter.volume;

import java.util.List;
import java.util.Optional;
import org.medficientsam.casefile.Box;
import org.medficientsam.segmenter.bundle.PropagationParameters.Shape;
import org.medficientsam.segmenter.mask.Overlap;
import org.medficientsam.segmenter.mask.ShapeTerm;
import org.medficientsam.segmenter.onnx.OtherPrompt;
import org.medficientsam.segmenter.onnx.PropagatorPrompt;
import org.medficientsam.segmenter.onnx.PropagatorPrompt.Neighbour;
import org.medficientsam.segmenter.picture.PromptBox;

/**
 * What a propagator is told of an object beside its box in a slice: the whole prompt, what was found before, and the case's other
 * prompts. A voxel has one label, so what is one object's is hardly another's.
 */
public final class PropagatorPrompts {
    /** Above this height a propagator takes no notice: a solid's presence ends there, see models/SCHEMA.md. */
    private static final double REACH = Math.sqrt(2);

    private final List<Prompt> prompts;
    private final int[] ranks; // by label
    private final Shape shape;
    private final int maskSize;

    /**
     * @param prompts of the case, in order of labels
     * @param shape the bundle's, for what is added to the propagator's logits
     * @param maskSize side of those logits
     */
    public PropagatorPrompts(List<Prompt> prompts, Shape shape, int maskSize) {
        this.prompts = List.copyOf(prompts);
        List<? extends Box> boxes = prompts.stream().map(Prompt::drawn).toList();
        this.ranks = Overlap.SMALLER_ON_TOP.ranks(boxes);
        this.shape = shape;
        this.maskSize = maskSize;
    }

    /**
     * @param box where the object is expected in slice {@code z}
     * @param neighbour empty in the slice the object is followed from
     */
    SliceQuery query(Prompt prompt, PromptBox box, int z, Optional<Neighbour> neighbour) {
        float height = (float) prompt.height(z);
        return new SliceQuery.Propagate(
                box,
                new PropagatorPrompt(prompt.box(), height, others(prompt, z), neighbour),
                ShapeTerm.of(prompt.drawn(), prompt.frame(), height, maskSize, shape));
    }

    /** Those that may reach slice {@code z}, without {@code prompt} itself, in order of labels. */
    private List<OtherPrompt> others(Prompt prompt, int z) {
        return prompts.stream()
                .filter(other -> other.label() != prompt.label() && other.height(z) < REACH)
                .map(other -> new OtherPrompt(
                        other.box(), (float) other.height(z), ranks[other.label()] > ranks[prompt.label()]))
                .toList();
    }
}
