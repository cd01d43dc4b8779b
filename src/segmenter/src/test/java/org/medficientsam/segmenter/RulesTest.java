package org.medficientsam.segmenter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.Box2D;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.segmenter.picture.Frame;
import org.medficientsam.segmenter.picture.PromptBox;

class RulesTest {
    @Test
    void boxesAreDividedByTheLongerSideOnBothAxes() {
        PromptBox prompt = Rules.MEDFICIENTSAM.promptBox(new Box2D(10, 20.5, 100, 200), new Frame(400, 250, 256));

        assertThat(prompt).isEqualTo(new PromptBox(10 / 400f, 20.5f / 400, 100 / 400f, 200 / 400f));
    }

    @Test
    void litemedsamCutsBoxesToWholePixelsOfItsFrameAndTakesTheirCentres() {
        PromptBox prompt = Rules.LITEMEDSAM.promptBox(new Box2D(10, 21, 100, 200), new Frame(400, 250, 256));

        assertThat(prompt) // 6.4, 13.44, 64, 128
                .isEqualTo(new PromptBox(6.5f / 256, 13.5f / 256, 64.5f / 256, 128.5f / 256));
    }

    @Test
    void thePublishedRuleDropsFractionsOfVolumesOnly() {
        Frame frame = new Frame(100, 100, 512);
        Box3D box = new Box3D(10.9, 20.9, 1.5, 50.9, 60.9, 7.5);

        assertThat(Rules.MEDFICIENTSAM_ORIGINAL.prompt(1, box, frame).box())
                .isEqualTo(new PromptBox(0.1f, 0.2f, 0.5f, 0.6f));
        assertThat(Rules.MEDFICIENTSAM.prompt(1, box, frame).box())
                .isEqualTo(new PromptBox(10.9f / 100, 20.9f / 100, 50.9f / 100, 60.9f / 100));
        assertThat(Rules.MEDFICIENTSAM_ORIGINAL.promptBox(box.inPlane(), frame))
                .isEqualTo(new PromptBox(10.9f / 100, 20.9f / 100, 50.9f / 100, 60.9f / 100));
    }
}
