package org.medficientsam.segmenter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.Box;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.casefile.npz.Npz;

/** Discs in pictures of 4400 x 2800 pixels, which micro sees at 384: without windows DSC 0.25 for the smaller one. */
class LargeImageTest extends OnMicro {

    @Test
    void aDiscOf16PixelsIsFoundAndNothingBesideIt() throws IOException {
        CaseFile caseFile = large("object_of_16_pixels");

        Segmentation found = segmenter.segment(caseFile);

        assertThat(dice(found.labels(), caseFile.boxes().get(0))).isGreaterThan(0.9);
        assertThat(outside(found.labels(), caseFile.boxes().get(0), 2)).isZero();
        assertThat(found.slicesEncoded()).isEqualTo(1); // nobody needed the whole picture
    }

    @Test
    void aDiscAtTheBottomIsWhereItIs() throws IOException {
        CaseFile caseFile = large("object_at_the_bottom");

        Segmentation found = segmenter.segment(caseFile);

        assertThat(dice(found.labels(), caseFile.boxes().get(0))).isGreaterThan(0.95);
        assertThat(outside(found.labels(), caseFile.boxes().get(0), 20)).isZero();
    }

    @Test
    void windowsCanBeForbiddenAndTheMarginHoldsAllTheSame() throws IOException {
        CaseFile caseFile = large("object_of_16_pixels");
        try (Segmenter without =
                Segmenter.open(Scenes.MICRO, SegmenterOptions.threads(2).withMostWindows(0))) {
            Segmentation found = without.segment(caseFile);

            assertThat(dice(found.labels(), caseFile.boxes().get(0))).isLessThan(0.6);
            // Two network pixels are 22.9 of the image's.
            assertThat(outside(found.labels(), caseFile.boxes().get(0), 22)).isZero();
        }
    }

    @Test
    void publishedRulesHaveNoWindows() throws IOException {
        CaseFile caseFile = large("object_of_16_pixels");

        Segmentation found = segmenter.segment(caseFile, Rules.MEDFICIENTSAM, Progress.NONE);

        assertThat(dice(found.labels(), caseFile.boxes().get(0))).isLessThan(0.6);
    }

    private static CaseFile large(String name) throws IOException {
        try (InputStream stream = LargeImageTest.class.getResourceAsStream("large/" + name + ".npz")) {
            return CaseNpz.from(Npz.read(Objects.requireNonNull(stream), Limits.DEFAULT), Limits.DEFAULT);
        }
    }

    /** With the disc that the box is drawn round. */
    private static double dice(LabelMap labels, Box box) {
        double radius = (box.xMax() - box.xMin() + 1) / 2;
        double middleX = (box.xMin() + box.xMax()) / 2;
        double middleY = (box.yMin() + box.yMax()) / 2;
        long both = 0;
        long sum = 0;
        for (int y = 0; y < labels.height(); y++)
            for (int x = 0; x < labels.width(); x++) {
                boolean truth = Math.hypot(x - middleX, y - middleY) <= radius;
                boolean found = labels.get(0, y, x) != 0;
                if (truth && found) both++;
                sum += (truth ? 1 : 0) + (found ? 1 : 0);
            }
        return 2.0 * both / sum;
    }

    private static long outside(LabelMap labels, Box box, int margin) {
        long pixels = 0;
        for (int y = 0; y < labels.height(); y++)
            for (int x = 0; x < labels.width(); x++)
                if (labels.get(0, y, x) != 0
                        && (x < box.xMin() - margin
                                || x > box.xMax() + margin
                                || y < box.yMin() - margin
                                || y > box.yMax() + margin)) pixels++;
        return pixels;
    }
}
