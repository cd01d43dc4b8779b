package org.medficientsam.segmenter.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.segmenter.bundle.PropagationParameters;
import org.medficientsam.segmenter.bundle.PropagationParameters.Profile;
import org.medficientsam.segmenter.bundle.PropagationParameters.Shape;
import org.medficientsam.segmenter.mask.Mask;
import org.medficientsam.segmenter.picture.Frame;
import org.medficientsam.segmenter.picture.PromptBox;

/** What the steady rules expect of a solid, with the numbers of micro-int8. */
class SteadyBoxTest {
    private static final Frame FRAME = new Frame(100, 100, 256);
    private static final PromptBox BOX = new PromptBox(0.2f, 0.3f, 0.59f, 0.69f);
    private static final Prompt PROMPT = new Prompt(1, new Box3D(20, 30, 0, 59, 69, 9), BOX, FRAME);
    private static final SteadyBox STEADY =
            new SteadyBox(new PropagationParameters(new Profile(0.88, 0.65, 0.1), 0.6, new Shape(0, 0)));

    private static double width(PromptBox box) {
        return box.xMax() - box.xMin();
    }

    private static Mask square(int x0, int y0, int x1, int y1) {
        Mask mask = new Mask(100, 100);
        for (int y = y0; y <= y1; y++) {
            mask.addRun(y, x0, x1 + 1);
            mask.finishRow(y);
        }
        return mask;
    }

    @Test
    void expectedBoxesCloseTowardsTheEndsAndAreTheSameFromBoth() {
        for (int z = 5; z < 9; z++)
            assertThat(width(STEADY.start(PROMPT, z + 1))).isLessThan(width(STEADY.start(PROMPT, z)));
        for (int z = 0; z < 5; z++) assertThat(STEADY.start(PROMPT, z)).isEqualTo(STEADY.start(PROMPT, 9 - z));
        // Middle slices: t = 0.1, 0.88 (1 - 0.01)^0.65 of 40 pixels.
        assertThat(width(STEADY.start(PROMPT, 5)) * 100).isCloseTo(34.97, within(0.01));
    }

    @Test
    void aMaskThatGrewIsPulledBackAndNoBoxLeavesThePrompt() {
        PromptBox next = STEADY.next(PROMPT, square(20, 30, 59, 69), 5, 6);
        assertThat(width(next)).isLessThan(width(PROMPT.box()));

        PromptBox shifted =
                STEADY.next(PROMPT, square(50, 60, 59, 69), 6, 5); // towards the middle: grows past the edge
        assertThat(shifted.xMax()).isLessThanOrEqualTo(PROMPT.box().xMax());
        assertThat(shifted.yMax()).isLessThanOrEqualTo(PROMPT.box().yMax());
    }

    @Test
    void anEmptyMaskStartsAgainFromTheProfile() {
        assertThat(STEADY.next(PROMPT, new Mask(100, 100), 7, 8)).isEqualTo(STEADY.start(PROMPT, 8));
    }

    @Test
    void whatLiesOutsideThePromptIsNotBelieved() {
        Mask kept = STEADY.believed(PROMPT, square(10, 40, 70, 50));

        assertThat(List.of(kept.xMin(), kept.yMin(), kept.xMax(), kept.yMax())).containsExactly(20, 40, 59, 50);
        assertThat(kept.pixels()).isEqualTo(40 * 11);
        assertThat(STEADY.believed(PROMPT, square(60, 70, 80, 80)).isEmpty()).isTrue();
    }

    @Test
    void trustIsTheShareThatComesFromTheMask() {
        Profile flat = new Profile(1, 1e-9, 0);
        PropagationParameters half = new PropagationParameters(flat, 0.5, new Shape(0, 0));
        PropagationParameters none = new PropagationParameters(flat, 0, new Shape(0, 0));
        Mask found = square(30, 40, 49, 59);

        assertThat(new SteadyBox(none).next(PROMPT, found, 5, 6)).isEqualTo(new SteadyBox(none).start(PROMPT, 6));
        // Sides of 20 and 40 pixels, from 29.5 to 49.5 and from 19.5 to 59.5.
        assertThat(new SteadyBox(half).next(PROMPT, found, 5, 6).xMin() * 100).isCloseTo(24.5f, within(1e-3f));
        assertThat(width(new SteadyBox(half).next(PROMPT, found, 5, 6)) * 100).isCloseTo(30, within(1e-3));
    }

    @Test
    void noSliceIsExpectedSmallerThanTheSmallestOfTheProfile() {
        Profile profile = new Profile(1, 4, 0.25);
        SteadyBox steady = new SteadyBox(new PropagationParameters(profile, 0, new Shape(0, 0)));

        assertThat(width(steady.start(PROMPT, 9)) * 100).isCloseTo(10, within(1e-3)); // (1 - 0.81)^4 is less
    }
}
