package org.medficientsam.segmenter.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.segmenter.bundle.PropagationParameters;
import org.medficientsam.segmenter.bundle.PropagationParameters.Profile;
import org.medficientsam.segmenter.bundle.PropagationParameters.Shape;
import org.medficientsam.segmenter.mask.Mask;
import org.medficientsam.segmenter.mask.SliceMask;
import org.medficientsam.segmenter.onnx.MaskLogits;
import org.medficientsam.segmenter.onnx.ObjectPrototypes;
import org.medficientsam.segmenter.onnx.PropagatorPrompt.Neighbour;
import org.medficientsam.segmenter.picture.Frame;
import org.medficientsam.segmenter.picture.PromptBox;

class ObjectTrackTest {
    private static final Frame FRAME = new Frame(100, 100, 256);
    private static final PromptBox BOX = new PromptBox(0.2f, 0.3f, 0.59f, 0.69f);
    private static final Prompt PROMPT = new Prompt(1, new Box3D(20, 30, 0, 59, 69, 9), BOX, FRAME);
    private static final Shape NO_SHAPE = new Shape(0, 0);
    private static final PropagationParameters PARAMETERS =
            new PropagationParameters(new Profile(0.88, 0.65, 0.1), 0.6, NO_SHAPE);

    private static SliceMask square(int x0, int y0, int x1, int y1, ObjectPrototypes prototypes) {
        Mask mask = new Mask(100, 100);
        for (int y = y0; y <= y1; y++) {
            mask.addRun(y, x0, x1 + 1);
            mask.finishRow(y);
        }
        return new SliceMask(mask, MaskLogits.adopt(new float[1], 1, 1, Optional.of(prototypes)));
    }

    @Test
    void bothWalksAreToldThePrototypesOfTheSliceTheyStartedFrom() {
        PropagatorPrompts prompts = new PropagatorPrompts(List.of(PROMPT), NO_SHAPE, 1);
        ObjectTrack track = new ObjectTrack(PROMPT, new SteadyBox(PARAMETERS), Optional.of(prompts), 10, true);
        Map<Integer, ObjectPrototypes> seen = new HashMap<>();
        Map<Integer, Optional<ObjectPrototypes>> told = new HashMap<>();
        for (int z : new int[] {4, 5, 6, 7, 8, 9, 3, 2, 1, 0}) {
            SliceQuery.Propagate query = (SliceQuery.Propagate) track.queryIn(z);
            told.put(z, query.prompt().neighbour().map(Neighbour::start));
            seen.put(z, ObjectPrototypes.adopt(new float[] {z}));
            track.found(z, square(30, 40, 50, 60, seen.get(z)));
        }
        for (int z = 0; z < 10; z++) // ten slices: two central ones
        assertThat(told.get(z))
                    .as("slice %d", z)
                    .isEqualTo(z == 4 || z == 5 ? Optional.empty() : Optional.ofNullable(seen.get(z < 4 ? 4 : 5)));
    }

    @Test
    void eachSliceIsToldTheLogitsOfTheOneBefore() {
        PropagatorPrompts prompts = new PropagatorPrompts(List.of(PROMPT), NO_SHAPE, 1);
        ObjectTrack track = new ObjectTrack(PROMPT, new SteadyBox(PARAMETERS), Optional.of(prompts), 10, true);
        Map<Integer, MaskLogits> found = new HashMap<>();
        for (int z : new int[] {4, 5, 6, 7, 8, 9, 3, 2, 1, 0}) {
            SliceQuery.Propagate query = (SliceQuery.Propagate) track.queryIn(z);
            if (z != 4 && z != 5)
                assertThat(query.prompt().neighbour().orElseThrow().logits())
                        .isSameAs(found.get(z < 4 ? z + 1 : z - 1));
            SliceMask mask = square(30, 40, 50, 60, ObjectPrototypes.adopt(new float[1]));
            found.put(z, mask.logits());
            track.found(z, mask);
        }
    }

    @Test
    void slicesOutOfTheirOrderAreRefused() {
        ObjectTrack track = new ObjectTrack(PROMPT, new MaskBox(), Optional.empty(), 10, true);

        assertThatThrownBy(() -> track.queryIn(6))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("slice 4 comes next, got 6");
    }

    @Test
    void theWayDownStartsFromTheMiddlesMask() {
        Prompt prompt = new Prompt(1, new Box3D(1, 1, 2, 5, 5, 6), new PromptBox(0, 0, 1, 1), new Frame(8, 8, 256));
        ObjectTrack track = new ObjectTrack(prompt, new MaskBox(), Optional.empty(), 10, true);
        Mask middle = new Mask(8, 8);
        middle.add(2, 3);
        middle.finishRow(2);
        Mask none = new Mask(8, 8);
        PromptBox drawn = new PromptBox(0, 0, 1, 1);
        PromptBox fromMiddle = new PromptBox(3 / 8f, 2 / 8f, 3 / 8f, 2 / 8f);

        assertThat(track.queryIn(4).box()).isEqualTo(drawn);
        track.found(4, new SliceMask(middle, MaskLogits.adopt(new float[1], 1, 1)));
        assertThat(track.queryIn(5).box()).isEqualTo(fromMiddle);
        track.found(5, new SliceMask(none, MaskLogits.adopt(new float[1], 1, 1)));
        assertThat(track.queryIn(6).box())
                .as("an empty mask falls back to the prompt")
                .isEqualTo(drawn);
        track.found(6, new SliceMask(none, MaskLogits.adopt(new float[1], 1, 1)));
        assertThat(track.queryIn(3).box()).isEqualTo(fromMiddle);
    }
}
