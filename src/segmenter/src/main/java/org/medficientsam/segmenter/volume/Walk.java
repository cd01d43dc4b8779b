package org.medficientsam.segmenter.volume;

import java.util.Optional;
import org.medficientsam.segmenter.mask.SliceMask;
import org.medficientsam.segmenter.onnx.ObjectPrototypes;
import org.medficientsam.segmenter.onnx.PropagatorPrompt.Neighbour;
import org.medficientsam.segmenter.picture.PromptBox;

/** One object on its way in one direction, slice by slice from {@code start} to {@code end}. */
final class Walk {
    private final Prompt prompt;
    private final BoxPropagation propagation;
    private final Optional<PropagatorPrompts> propagator;
    private final int start;
    private final int end;
    private int z; // of the next slice
    private Optional<SliceQuery> next; // there; empty after the end
    private Optional<ObjectPrototypes> prototypes = Optional.empty(); // of the first slice

    /**
     * @param propagator what a propagator is told, if there is one
     * @param start first slice, inclusive
     * @param end last slice, inclusive, on either side of {@code start}
     */
    Walk(Prompt prompt, BoxPropagation propagation, Optional<PropagatorPrompts> propagator, int start, int end) {
        this.prompt = prompt;
        this.propagation = propagation;
        this.propagator = propagator;
        this.start = start;
        this.end = end;
        z = start;
        next = Optional.of(query(propagation.start(prompt, start), start, Optional.empty()));
    }

    /** Where it begins. */
    int start() {
        return start;
    }

    /** @throws IllegalStateException if another slice comes next */
    SliceQuery queryIn(int slice) {
        if (slice != z) throw new IllegalStateException("slice %d comes next, got %d".formatted(z, slice));
        return next.orElseThrow(() -> new IllegalStateException("slice %d was the last".formatted(z)));
    }

    /** Takes in what was found in the slice that was next, and goes on to the one after it. */
    void found(SliceMask found) {
        if (z == start) prototypes = found.logits().prototypes();
        if (z == end) {
            next = Optional.empty();
            return;
        }
        int to = z + Integer.signum(end - start);
        next = Optional.of(query(
                propagation.next(prompt, found.mask(), z, to),
                to,
                prototypes.map(seen -> new Neighbour(found.logits(), seen))));
        z = to;
    }

    private SliceQuery query(PromptBox box, int slice, Optional<Neighbour> neighbour) {
        return propagator
                .map(told -> told.query(prompt, box, slice, neighbour))
                .orElseGet(() -> new SliceQuery.Decode(box));
    }
}
