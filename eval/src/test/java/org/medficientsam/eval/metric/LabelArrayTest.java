package org.medficientsam.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.npz.NpyArray;

class LabelArrayTest {

    /** Eight bytes at a time against one voxel at a time, for one and two bytes per label. */
    @ParameterizedTest
    @ValueSource(ints = {255, 65535})
    void runsAndMasksAreThoseOfSingleVoxels(int highest) {
        long seed = 5;
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < 50; trial++) {
            int width = 1 + random.nextInt(150);
            short[] labels = new short[2 * width];
            for (int i = 0, label = 0; i < labels.length; i++) {
                if (random.nextInt(6) == 0) {
                    label = random.nextBoolean() ? highest : random.nextInt(3) * 127;
                }
                labels[i] = (short) label;
            }
            LabelArray array = highest == 255
                    ? LabelArray.of(NpyArray.of(bytes(labels), 2, width), 1, 2, width)
                    : LabelArray.of(NpyArray.of(labels, 2, width), 1, 2, width);

            BitGrid mask = array.mask(highest, new LabelBoxes.Extent(0, 0, 0, 0, 1, width - 1));
            for (int y = 0; y < 2; y++) {
                for (int x = 0; x < width; x++) {
                    int label = Short.toUnsignedInt(labels[y * width + x]);
                    assertThat(array.get(array.row(0, y) + x)).isEqualTo(label);
                    assertThat(mask.get(0, y, x)).as("seed " + seed).isEqualTo(label == highest);
                    int end = x;
                    while (end < width && labels[y * width + end] == labels[y * width + x]) {
                        end++;
                    }
                    assertThat(array.runEnd(array.row(0, y) + x, array.row(0, y) + width))
                            .isEqualTo(array.row(0, y) + end);
                }
            }
        }
    }

    private static byte[] bytes(short[] labels) {
        byte[] bytes = new byte[labels.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) labels[i];
        }
        return bytes;
    }

    @Test
    void labelsOfAnyTypeAreComparedByValue() {
        long[] values = {0, 1, 255, 257, 65535, 65536, -1, Long.MAX_VALUE};
        LabelArray array = LabelArray.of(NpyArray.of(values, 2, 4), 1, 2, 4);

        assertThat(labels(array)).containsExactly(0, 1, 255, 257, 65535, 0, 0, 0);
    }

    @Test
    void whatIsNoWholeNumberIsBackground() {
        float[] values = {1, 1.5f, Float.NaN, Float.POSITIVE_INFINITY, 3, -0f};

        assertThat(labels(LabelArray.of(NpyArray.of(values, 1, 6), 1, 1, 6))).containsExactly(1, 0, 0, 0, 3, 0);
    }

    private static int[] labels(LabelArray array) {
        int[] labels = new int[array.depth() * array.height() * array.width()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = array.get(i);
        }
        return labels;
    }
}
