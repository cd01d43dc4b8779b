package org.medficientsam.casefile.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.Box2D;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.ImageCase;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.VolumeCase;

class OverlayTest {
    private static final Box2D LEFT = new Box2D(8, 8, 23, 23);

    /** 64 x 32 pixels, mid grey (grey or RGB). */
    private static ImageArray grey(int depth, int channels) {
        byte[] data = new byte[depth * 32 * 64 * channels];
        Arrays.fill(data, (byte) 128);
        return ImageArray.adopt(data, depth, 32, 64, channels);
    }

    /** Label 1 in columns and rows 12..19 of each of the given slices. */
    private static LabelMap square(int depth, boolean volume, int... slices) {
        short[] labels = new short[depth * 32 * 64];
        for (int z : slices)
            for (int y = 12; y < 20; y++)
                Arrays.fill(labels, (z * 32 + y) * 64 + 12, (z * 32 + y) * 64 + 20, (short) 1);
        return LabelMap.adopt(labels, depth, 32, 64, volume);
    }

    private static Color at(BufferedImage picture, double x, double y) {
        return new Color(picture.getRGB((int) x, (int) y));
    }

    /** Lines are antialiased, so that no pixel has exactly their colour. */
    private static void isNear(Color actual, Color expected) {
        assertThat(actual.getRed()).isCloseTo(expected.getRed(), within(40));
        assertThat(actual.getGreen()).isCloseTo(expected.getGreen(), within(40));
        assertThat(actual.getBlue()).isCloseTo(expected.getBlue(), within(40));
    }

    @Test
    void smallImageIsEnlargedAndShowsFillOutlineAndBox() {
        for (int channels : new int[] {1, 3}) {
            CaseFile image = new ImageCase(grey(1, channels), List.of(LEFT));
            BufferedImage picture = Overlay.of(image, square(1, false, 0)).picture();

            assertThat(picture.getWidth()).isEqualTo(768);
            assertThat(picture.getHeight()).isEqualTo(384);
            double zoom = 12;
            Color color = SlicePainter.color(1);
            assertThat(at(picture, 40 * zoom, 4 * zoom)).isEqualTo(new Color(128, 128, 128));
            isNear(at(picture, 12 * zoom, 16 * zoom), color); // the mask's left edge
            isNear(at(picture, 20 * zoom, 16 * zoom), color); // and its right one
            Color fill = at(picture, 16 * zoom, 16 * zoom);
            assertThat(fill.getBlue()).isBetween(129, color.getBlue() - 1);
            assertThat(fill.getRed()).isLessThan(128);
            assertThat(at(picture, 8 * zoom, 22 * zoom).getBlue()).isGreaterThan(128); // the box
            assertThat(at(picture, 24 * zoom, 22 * zoom).getBlue()).isGreaterThan(128); // goes around its last column
        }
    }

    @Test
    void groundTruthIsDashedWhiteAndExplained() {
        CaseFile image = new ImageCase(grey(1, 1), List.of());
        LabelMap nothing = LabelMap.blank(image);
        BufferedImage without = Overlay.of(image, nothing).picture();
        BufferedImage with =
                Overlay.of(image, nothing).withTruth(square(1, false, 0)).picture();

        assertThat(with.getHeight()).isGreaterThan(without.getHeight());
        int white = 0;
        int dark = 0;
        for (int y = 13 * 12; y < 19 * 12; y++) {
            int red = at(with, 12 * 12, y).getRed();
            if (red > 160) white++;
            if (red < 100) dark++;
        }
        assertThat(white).isGreaterThan(20);
        assertThat(dark).isGreaterThan(10);
    }

    @Test
    void montageShowsAtMostNineSlicesOfTheLabelledRange() {
        CaseFile volume = new VolumeCase(grey(30, 1), List.of(new Box3D(8, 8, 5, 23, 23, 25)), Optional.empty());
        LabelMap three = square(30, true, 10, 11, 12);
        LabelMap many = square(30, true, 5, 25);

        BufferedImage few = Overlay.of(volume, three).picture();
        BufferedImage nine = Overlay.of(volume, many).picture();
        assertThat(few.getWidth()).isEqualTo(2 * 320 + 4);
        assertThat(few.getHeight()).isEqualTo(2 * 160 + 4);
        assertThat(nine.getWidth()).isEqualTo(3 * 320 + 2 * 4);
        // Each of the three tiles shows the mask: 5 picture pixels per image pixel.
        for (int[] tile : new int[][] {{0, 0}, {324, 0}, {0, 164}})
            assertThat(at(few, tile[0] + 12 * 5, tile[1] + 16 * 5).getBlue()).isGreaterThan(170);
        assertThat(at(few, 324 + 100, 164 + 100)).isEqualTo(Color.BLACK); // the fourth is empty
    }

    @Test
    void volumeWithoutLabelsShowsTheBoxesRange() {
        CaseFile volume = new VolumeCase(grey(30, 1), List.of(new Box3D(8, 8, 5, 23, 23, 5)), Optional.empty());
        assertThat(Overlay.of(volume, LabelMap.blank(volume)).picture().getWidth())
                .isEqualTo(320);
    }

    @Test
    void sliceIsTheOneAskedFor() {
        CaseFile volume = new VolumeCase(grey(3, 1), List.of(), Optional.empty());
        Overlay overlay = Overlay.of(volume, square(3, true, 1));
        isNear(at(overlay.slice(1), 12 * 12, 16 * 12), SlicePainter.color(1));
        assertThat(at(overlay.slice(2), 12 * 12, 16 * 12)).isEqualTo(new Color(128, 128, 128));
    }

    @Test
    void pngIsThePictureAndAlwaysTheSameBytes() throws IOException {
        CaseFile image = new ImageCase(grey(1, 3), List.of(LEFT));
        Overlay overlay = Overlay.of(image, square(1, false, 0)).withTruth(square(1, false, 0));
        BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(overlay.png()));
        assertThat(decoded.getWidth()).isEqualTo(overlay.picture().getWidth());
        assertThat(decoded.getRGB(144, 192)).isEqualTo(overlay.picture().getRGB(144, 192));
        assertThat(overlay.png()).isEqualTo(overlay.png());
    }

    @Test
    void labelsOfAnotherShapeAreAMistake() {
        CaseFile volume = new VolumeCase(grey(3, 1), List.of(), Optional.empty());
        assertThatThrownBy(() -> Overlay.of(volume, square(2, true, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("labels must be (3, 32, 64) as the image, got (2, 32, 64)");
    }
}
