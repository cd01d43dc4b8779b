package org.medficientsam.segmenter.volume;

import java.util.List;
import org.medficientsam.casefile.Box;
import org.medficientsam.segmenter.mask.Overlap;
import org.medficientsam.segmenter.onnx.OtherPrompt;

/** What the prompts of a volume tell of one another: a voxel has one label, so what is one object's is hardly another's. */
public final class OtherPrompts {
    /** Above this height a propagator takes no notice: a solid's presence ends there, see models/SCHEMA.md. */
    private static final double REACH = Math.sqrt(2);

    private final List<Prompt> prompts;
    private final int[] ranks; // by label

    public OtherPrompts(List<Prompt> prompts) {
        this.prompts = prompts;
        List<Box> boxes = prompts.stream().map(Prompt::drawn).toList();
        this.ranks = Overlap.SMALLER_ON_TOP.ranks(boxes);
    }

    /** Those that may reach slice {@code z}, without {@code prompt} itself, in order of labels. */
    public List<OtherPrompt> of(Prompt prompt, int z) {
        return prompts.stream()
                .filter(other -> other.label() != prompt.label() && other.height(z) < REACH)
                .map(other -> new OtherPrompt(
                        other.box(), (float) other.height(z), ranks[other.label()] > ranks[prompt.label()]))
                .toList();
    }
}
