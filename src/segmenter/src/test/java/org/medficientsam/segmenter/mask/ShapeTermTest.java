package org.medficientsam.segmenter.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.segmenter.bundle.PropagationParameters.Shape;
import org.medficientsam.segmenter.onnx.MaskLogits;
import org.medficientsam.segmenter.picture.Frame;

/** A box over columns 20..59, rows 10..69 and slices 0..9 of a volume 100 wide and 80 high, logits of 100 x 100, one a pixel. */
class ShapeTermTest {
    private static final int SIZE = 100;
    private static final Frame FRAME = new Frame(80, 100, 200);
    private static final Box3D DRAWN = new Box3D(20, 10, 0, 59, 69, 9);

    private static ShapeTerm in(int z) {
        return ShapeTerm.of(DRAWN, FRAME, Math.abs(z - 4.5) / 5, SIZE, new Shape(0.5, 1.3));
    }

    private static double at(ShapeTerm term, int y, int x) {
        return term.row(y) + term.column(x);
    }

    @Test
    void theSidesGainAndTheEndsLose() {
        double centre = 0.5 * (0.5 / 20 * (0.5 / 20) + 0.5 / 30 * (0.5 / 30)); // half a pixel from the middle
        assertThat(at(in(5), 39, 39)).isCloseTo(centre - 1.3 * 0.1 * 0.1, within(1e-6));
        assertThat(at(in(9), 39, 39)).isCloseTo(centre - 1.3 * 0.9 * 0.9, within(1e-6));
        double lastColumn = 0.5 * (19.5 / 20 * (19.5 / 20) + 0.5 / 30 * (0.5 / 30));
        assertThat(at(in(5), 39, 59)).isCloseTo(lastColumn - 1.3 * 0.1 * 0.1, within(1e-6));
    }

    @Test
    void allDirectionsAreAlike() {
        for (int y = 10; y <= 69; y++)
            for (int x = 20; x <= 59; x++) {
                assertThat(at(in(2), y, x)).isCloseTo(at(in(2), y, 79 - x), within(1e-6));
                assertThat(at(in(2), y, x)).isCloseTo(at(in(2), 79 - y, x), within(1e-6));
                assertThat(at(in(2), y, x)).isEqualTo(at(in(7), y, x));
            }
    }

    @Test
    void itDoesNotGrowBeyondThePrompt() {
        assertThat(at(in(4), 99, 99)).isEqualTo(at(in(4), 75, 70)).isCloseTo(1 - 1.3 * 0.1 * 0.1, within(1e-6));
    }

    /** The mask is that of logits which have it added one by one, those that it lifts above zero too. */
    @Test
    void masksAreMadeOfTheSum() {
        MaskPostprocessor masks = new MaskPostprocessor(FRAME, SIZE);
        Random random = new Random(3);
        for (int z = 0; z < 10; z++) {
            float[] found = new float[SIZE * SIZE];
            for (int i = 0; i < found.length; i++) found[i] = (float) random.nextGaussian() - 0.3f;
            float[] sum = found.clone();
            for (int i = 0; i < sum.length; i++) sum[i] += (float) at(in(z), i / SIZE, i % SIZE);

            Mask expected = masks.toMask(MaskLogits.adopt(sum, SIZE, 1));
            Mask mask = masks.toMask(MaskLogits.adopt(found, SIZE, 1), in(z));

            int different = 0;
            for (int y = 0; y < FRAME.height(); y++)
                for (int x = 0; x < FRAME.width(); x++) if (mask.get(y, x) != expected.get(y, x)) different++;
            assertThat(different).as("pixels within rounding of zero").isLessThanOrEqualTo(1);
            assertThat(masks.toMask(MaskLogits.adopt(found, SIZE, 1)).pixels()).isNotEqualTo(mask.pixels());
        }
        float[] below = new float[SIZE * SIZE];
        Arrays.fill(below, -0.4f);
        assertThat(masks.toMask(MaskLogits.adopt(below, SIZE, 1)).isEmpty()).isTrue();
        assertThat(masks.toMask(MaskLogits.adopt(below, SIZE, 1), in(4)).isEmpty())
                .isFalse();
    }
}
