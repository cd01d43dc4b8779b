package org.medficientsam.segmenter.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.segmenter.bundle.PropagationParameters.Shape;
import org.medficientsam.segmenter.onnx.OtherPrompt;
import org.medficientsam.segmenter.onnx.PropagatorPrompt;
import org.medficientsam.segmenter.picture.Frame;
import org.medficientsam.segmenter.picture.PromptBox;
import org.medficientsam.segmenter.picture.PromptScale;

class PropagatorPromptsTest {
    private static final Frame FRAME = new Frame(100, 100, 256);
    private static final PromptBox BOX = new PromptBox(0.2f, 0.3f, 0.59f, 0.69f);
    private static final Prompt PROMPT = new Prompt(1, new Box3D(20, 30, 0, 59, 69, 9), BOX, FRAME);
    private static final Shape NO_SHAPE = new Shape(0, 0);

    private static Prompt prompt(int label, Box3D drawn) {
        return new Prompt(
                label,
                drawn,
                PromptScale.EXACT.scale(drawn.xMin(), drawn.yMin(), drawn.xMax(), drawn.yMax(), FRAME),
                FRAME);
    }

    private static List<OtherPrompt> others(PropagatorPrompts prompts, Prompt prompt, int z) {
        return told(prompts.query(prompt, BOX, z, Optional.empty())).others();
    }

    private static PropagatorPrompt told(SliceQuery query) {
        return ((SliceQuery.Propagate) query).prompt();
    }

    @Test
    void anObjectIsToldOfTheOthersThatMayReachTheSlice() {
        Prompt inner = prompt(2, new Box3D(30, 40, 4, 49, 59, 5));
        Prompt away = prompt(3, new Box3D(0, 0, 2, 99, 99, 9));
        PropagatorPrompts prompts = new PropagatorPrompts(List.of(PROMPT, inner, away), NO_SHAPE, 4);

        assertThat(others(prompts, PROMPT, 4))
                .containsExactly(new OtherPrompt(inner.box(), 0.5f, true), new OtherPrompt(away.box(), 0.375f, false));
        assertThat(others(prompts, PROMPT, 2))
                .as("the inner one's slices are 4 and 5")
                .containsExactly(new OtherPrompt(away.box(), 0.875f, false));
        assertThat(others(prompts, inner, 4)).extracting(OtherPrompt::smaller).containsExactly(false, false);
    }

    @Test
    void anObjectIsToldItsWholePromptAndWhereTheSliceLiesInIt() {
        PropagatorPrompts prompts = new PropagatorPrompts(List.of(PROMPT), NO_SHAPE, 4);

        PropagatorPrompt low = told(prompts.query(PROMPT, new PromptBox(0, 0, 1, 1), 0, Optional.empty()));
        PropagatorPrompt high = told(prompts.query(PROMPT, new PromptBox(0, 0, 1, 1), 9, Optional.empty()));

        assertThat(low.drawn()).isEqualTo(BOX);
        assertThat(low.height()).isEqualTo(0.9f).isEqualTo(high.height());
        assertThat(low.neighbour()).isEmpty();
    }
}
