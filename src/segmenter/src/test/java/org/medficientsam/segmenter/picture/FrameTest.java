package org.medficientsam.segmenter.picture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameTest {
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
}
