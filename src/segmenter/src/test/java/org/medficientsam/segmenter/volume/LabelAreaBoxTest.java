package org.medficientsam.segmenter.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.segmenter.mask.Mask;
import org.medficientsam.segmenter.picture.Frame;
import org.medficientsam.segmenter.picture.PromptBox;

class LabelAreaBoxTest {
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
        Box3D box = new Box3D(0, 0, 0, 1, 1, 9);

        PromptBox low = propagation.next(new Prompt(1, box, drawn, frame), line, 1, 2);
        PromptBox high = propagation.next(new Prompt(10, box, drawn, frame), line, 1, 2);

        assertThat(low).isEqualTo(drawn);
        assertThat(high) // columns 125..125, rows 100..149, grown by 3
                .isEqualTo(new PromptBox(122.5f / 256, 97.5f / 256, 128.5f / 256, 152.5f / 256));
    }
}
