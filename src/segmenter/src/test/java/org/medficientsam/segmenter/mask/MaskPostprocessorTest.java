package org.medficientsam.segmenter.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medficientsam.segmenter.onnx.MaskLogits;
import org.medficientsam.segmenter.picture.Frame;

class MaskPostprocessorTest {
    /** The published way, step by step in double precision: no fusion, no shortcuts. */
    private static double[] plain(float[] logits, int size, Frame frame) {
        double[] values = new double[logits.length];
        for (int i = 0; i < values.length; i++) values[i] = logits[i];
        double[] square = bilinear(values, size, size, size, frame.inputSize(), frame.inputSize());
        return bilinear(
                square, frame.scaledHeight(), frame.scaledWidth(), frame.inputSize(), frame.height(), frame.width());
    }

    private static double[] bilinear(double[] source, int height, int width, int stride, int toHeight, int toWidth) {
        double[] target = new double[toHeight * toWidth];
        for (int y = 0; y < toHeight; y++) {
            double sy = Math.max(0, Math.min((y + 0.5) * height / toHeight - 0.5, height - 1));
            int y0 = (int) sy;
            int y1 = Math.min(y0 + 1, height - 1);
            for (int x = 0; x < toWidth; x++) {
                double sx = Math.max(0, Math.min((x + 0.5) * width / toWidth - 0.5, width - 1));
                int x0 = (int) sx;
                int x1 = Math.min(x0 + 1, width - 1);
                double upper = source[y0 * stride + x0] * (1 - (sx - x0)) + source[y0 * stride + x1] * (sx - x0);
                double lower = source[y1 * stride + x0] * (1 - (sx - x0)) + source[y1 * stride + x1] * (sx - x0);
                target[y * toWidth + x] = upper * (1 - (sy - y0)) + lower * (sy - y0);
            }
        }
        return target;
    }

    @ParameterizedTest
    @CsvSource({
        // mask, input, height, width
        "128, 256, 200, 300",
        "128, 256, 1024, 1024",
        "128, 256, 100, 90",
        "128, 256, 480, 640",
        "128, 256, 1, 50",
        "128, 256, 2000, 3",
        "128, 256, 256, 256",
        "256, 512, 333, 512",
        "256, 512, 1080, 1920",
        "256, 512, 64, 64",
        "256, 256, 301, 257",
        "512, 512, 700, 512",
        "512, 512, 100, 37",
        "16, 32, 7, 5",
        "1, 4, 3, 3",
        "64, 1024, 90, 70"
    })
    void fusedEqualsStepByStep(int maskSize, int inputSize, int height, int width) {
        Frame frame = new Frame(height, width, inputSize);
        for (int seed = 0; seed < 3; seed++) {
            float[] logits = seed == 0 ? noise(maskSize, seed) : hills(maskSize, seed);
            double[] plain = plain(logits, maskSize, frame);

            Mask mask = new MaskPostprocessor(frame, maskSize).toMask(MaskLogits.adopt(logits, maskSize, 0.9f));

            int pixels = 0;
            int[] box = {width, height, -1, -1};
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++) {
                    double logit = plain[y * width + x];
                    if (Math.abs(logit) >= 1e-4)
                        assertThat(mask.get(y, x))
                                .as("seed %d, row %d, column %d, logit %s", seed, y, x, logit)
                                .isEqualTo(logit > 0);
                    if (!mask.get(y, x)) continue;
                    pixels++;
                    box = new int[] {Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)
                    };
                }
            assertThat(mask.pixels()).isEqualTo(pixels);
            assertThat(mask.isEmpty()).isEqualTo(pixels == 0);
            if (pixels > 0)
                assertThat(new int[] {mask.xMin(), mask.yMin(), mask.xMax(), mask.yMax()})
                        .isEqualTo(box);
        }
    }

    /** Every sign pattern there is. */
    private static float[] noise(int size, int seed) {
        Random random = new Random(seed);
        float[] logits = new float[size * size];
        for (int i = 0; i < logits.length; i++) logits[i] = (float) random.nextGaussian() * 5;
        return logits;
    }

    /** As a decoder's logits are: high inside an object, low elsewhere. */
    private static float[] hills(int size, int seed) {
        Random random = new Random(seed);
        double x0 = size * random.nextDouble();
        double y0 = size * random.nextDouble();
        float[] logits = new float[size * size];
        for (int i = 0; i < logits.length; i++)
            logits[i] = (float) (0.3 * size - Math.hypot(i % size - x0, 1.7 * (i / size - y0)) + random.nextDouble());
        return logits;
    }

    @ParameterizedTest
    @CsvSource({"0", "-3", "NaN"})
    void nothingAboveZeroIsAnEmptyMask(float everywhere) {
        float[] logits = new float[128 * 128];
        java.util.Arrays.fill(logits, everywhere);

        Mask mask = new MaskPostprocessor(new Frame(50, 60, 256), 128).toMask(MaskLogits.adopt(logits, 128, 0.9f));

        assertThat(mask.isEmpty()).isTrue();
        assertThat(mask.get(25, 30)).isFalse();
    }
}
