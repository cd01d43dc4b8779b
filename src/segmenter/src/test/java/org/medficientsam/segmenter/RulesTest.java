package org.medficientsam.segmenter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medficientsam.casefile.Box2D;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.segmenter.mask.Mask;
import org.medficientsam.segmenter.mask.SliceMask;
import org.medficientsam.segmenter.onnx.MaskLogits;
import org.medficientsam.segmenter.picture.Frame;
import org.medficientsam.segmenter.picture.PromptBox;
import org.medficientsam.segmenter.volume.LabelAreaBox;
import org.medficientsam.segmenter.volume.Prompt;

class RulesTest {
    @ParameterizedTest
    @CsvSource({
        // height, width, input -> scaled height, scaled width
        "512, 512, 512, 512, 512",
        "1024, 768, 512, 512, 384",
        "200, 300, 256, 171, 256",
        "871, 611, 256, 256, 180",
        "90, 64, 256, 256, 182",
        "1, 2000, 256, 1, 256",
        "333, 1000, 512, 170, 512"
    })
    void theLongerSideFillsTheFrame(int height, int width, int inputSize, int scaledHeight, int scaledWidth) {
        Frame frame = new Frame(height, width, inputSize);

        assertThat(frame.scaledHeight()).isEqualTo(scaledHeight);
        assertThat(frame.scaledWidth()).isEqualTo(scaledWidth);
    }

    @Test
    void boxesAreDividedByTheLongerSideOnBothAxes() {
        Prompt prompt = Rules.MEDFICIENTSAM.prompt(1, new Box2D(10, 20.5, 100, 200), new Frame(400, 250, 256));

        assertThat(prompt.box()).isEqualTo(new PromptBox(10 / 400f, 20.5f / 400, 100 / 400f, 200 / 400f));
    }

    @Test
    void litemedsamCutsBoxesToWholePixelsOfItsFrameAndTakesTheirCentres() {
        Prompt prompt = Rules.LITEMEDSAM.prompt(1, new Box2D(10, 21, 100, 200), new Frame(400, 250, 256));

        assertThat(prompt.box()) // 6.4, 13.44, 64, 128
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
        assertThat(Rules.MEDFICIENTSAM_ORIGINAL.prompt(1, box.inPlane(), frame).box())
                .isEqualTo(new PromptBox(10.9f / 100, 20.9f / 100, 50.9f / 100, 60.9f / 100));
    }

    /** A line one pixel wide covers a quarter of the pixels it falls into: 1 rounds to 0, 10 does not. */
    @Test
    void litemedsamLosesThinPartsOfLowLabelsAndGrowsWhatItKeeps() {
        Frame frame = new Frame(1024, 1024, 256);
        Mask line = new Mask(1024, 1024);
        for (int y = 400; y < 600; y++) {
            line.add(y, 500);
            line.finishRow(y);
        }
        PromptBox drawn = new PromptBox(0.1f, 0.1f, 0.9f, 0.9f);
        LabelAreaBox propagation = new LabelAreaBox(3);
        Box2D box = new Box2D(0, 0, 1, 1);

        PromptBox low = propagation.next(
                new Prompt(1, box, drawn, frame),
                new SliceMask(line, MaskLogits.adopt(new float[1], 1, 1), drawn),
                1,
                2);
        PromptBox high = propagation.next(
                new Prompt(10, box, drawn, frame),
                new SliceMask(line, MaskLogits.adopt(new float[1], 1, 1), drawn),
                1,
                2);

        assertThat(low).isEqualTo(drawn);
        assertThat(high) // columns 125..125, rows 100..149, grown by 3
                .isEqualTo(new PromptBox(122.5f / 256, 97.5f / 256, 128.5f / 256, 152.5f / 256));
    }
}
