package org.medficientsam.eval.report.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.Box2D;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.ImageCase;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.VolumeCase;

class SideBySideTest {

    private static final int SIDE = 64;

    /** A square of label 1 from 24 to 39. */
    private static LabelMap square(int shift) {
        short[] labels = new short[SIDE * SIDE];
        for (int y = 24; y < 40; y++) {
            for (int x = 24 + shift; x < 40 + shift; x++) {
                labels[y * SIDE + x] = 1;
            }
        }
        return LabelMap.adopt(labels, 1, SIDE, SIDE, false);
    }

    private static ImageCase image() {
        return new ImageCase(
                ImageArray.adopt(new byte[SIDE * SIDE], 1, SIDE, SIDE, 1), List.of(new Box2D(24, 24, 39, 39)));
    }

    private static long count(BufferedImage picture, int rgb) {
        int[] pixels = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        return Arrays.stream(pixels).filter(pixel -> pixel == rgb).count();
    }

    @Test
    void outlinesAreOnePixelWideAndNothingIsFilled() {
        SideBySide drawing = new SideBySide(image(), false, null, List.of(new SideBySide.Panel("", square(0))));
        BufferedImage picture = drawing.picture();

        long outline = count(picture, SideBySide.PREDICTION.getRGB());
        // The crop is the box and 12 pixels round it, 40 x 40, enlarged to 460: the square's sides are 184 pixels.
        assertThat(outline).isBetween(4 * 180L, 4 * 188L);
    }

    @Test
    void everyRunHasItsPanelAndTheTruthIsInAll() {
        BufferedImage one =
                new SideBySide(image(), false, square(0), List.of(new SideBySide.Panel("a", square(3)))).picture();
        BufferedImage two = new SideBySide(
                        image(),
                        false,
                        square(0),
                        List.of(new SideBySide.Panel("a", square(3)), new SideBySide.Panel("b", null)))
                .picture();

        assertThat(two.getWidth()).isGreaterThan(one.getWidth());
        assertThat(count(two, SideBySide.TRUTH.getRGB())).isGreaterThan(count(one, SideBySide.TRUTH.getRGB()));
        assertEquals(count(one, SideBySide.PREDICTION.getRGB()), count(two, SideBySide.PREDICTION.getRGB()));
    }

    @Test
    void slicesShownAreTheLargestAndTheMostDisputed() {
        short[] truth = new short[8 * 16];
        short[] segs = new short[8 * 16];
        Arrays.fill(truth, 3 * 16, 4 * 16, (short) 1);
        Arrays.fill(segs, 3 * 16, 4 * 16, (short) 1);
        Arrays.fill(truth, 6 * 16, 6 * 16 + 5, (short) 1);
        Arrays.fill(truth, 1 * 16, 1 * 16 + 3, (short) 1);
        VolumeCase volume = new VolumeCase(
                ImageArray.adopt(new byte[8 * 16], 8, 4, 4, 1), List.of(new Box3D(0, 0, 1, 3, 3, 6)), Optional.empty());

        int[] slices = SliceChoice.of(
                volume, LabelMap.adopt(truth, 8, 4, 4, true), List.of(LabelMap.adopt(segs, 8, 4, 4, true)));

        assertThat(slices).containsExactly(3, 6, 1);
    }

    @Test
    void windowStretchesWhatOccursAndIsTheSameForAllPanels() {
        byte[] pixels = new byte[SIDE * SIDE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (60 + i % 41);
        }
        GreyWindow window =
                GreyWindow.of(ImageArray.adopt(pixels, 1, SIDE, SIDE, 1), new int[] {0}, new Rectangle(SIDE, SIDE));

        assertEquals(new GreyWindow(60, 100), window);
        BufferedImage painted = window.paint(ImageArray.adopt(pixels, 1, SIDE, SIDE, 1), 0, new Rectangle(SIDE, SIDE));
        assertEquals(0xff000000, painted.getRGB(0, 0));
        assertEquals(0xffffffff, painted.getRGB(40, 0));
    }
}
