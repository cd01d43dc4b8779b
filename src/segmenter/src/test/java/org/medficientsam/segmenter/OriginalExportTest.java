package org.medficientsam.segmenter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.medficientsam.casefile.CaseFile;

/**
 * Files as the original project exports them drop in. The graphs are tiny stand-ins with its two signatures
 * (src/test/python/original_bundles.py) that call a pixel mask where it is bright and inside the box.
 */
class OriginalExportTest {
    static Stream<Arguments> bundlesAndSizes() {
        return Stream.of(Scenes.ORIGINAL_SCALED, Scenes.ORIGINAL_RAW)
                .flatMap(bundle -> Stream.of(
                        Arguments.of(bundle, 256, 384, 3),
                        Arguments.of(bundle, 256, 384, 1),
                        Arguments.of(bundle, 800, 600, 3),
                        Arguments.of(bundle, 512, 512, 1)));
    }

    @ParameterizedTest
    @MethodSource("bundlesAndSizes")
    void bothSignaturesDropIn(Path bundle, int height, int width, int channels) {
        int r = Math.min(height, width) / 6;
        int[] discs = {width / 3, height / 2, r, 2 * width / 3, height / 3, r};
        CaseFile image = Scenes.discs(height, width, channels, discs);

        try (Segmenter segmenter = Segmenter.open(bundle, SegmenterOptions.threads(1))) {
            assertThat(segmenter.manifest()).isEmpty();
            assertThat(segmenter.bundle().id()).isEqualTo(String.valueOf(bundle.getFileName()));
            assertThat(segmenter.rules().name()).isEqualTo("medficientsam");

            Segmentation result = segmenter.segment(image);

            assertThat(result.objects()).extracting(LabelledObject::iou).containsOnly(Double.NaN);
            for (LabelledObject object : result.objects())
                assertThat((double) object.voxels() / (Math.PI * r * r)).isBetween(0.9, 1.1);
            for (int i = 0; i < discs.length; i += 3)
                assertThat(result.labels().get(0, discs[i + 1], discs[i])).isEqualTo(i / 3 + 1);
        }
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void volumesToo(Path bundle) {
        try (Segmenter segmenter = Segmenter.open(bundle, SegmenterOptions.threads(2))) {
            Segmentation result = segmenter.segment(Scenes.balls(7, 128, 96, 1, 48, 64, 3, 20));

            assertThat(result.boxesDecoded()).isEqualTo(7);
            for (int z = 0; z < 7; z++)
                assertThat(result.labels().get(z, 64, 48)).isEqualTo(1);
        }
    }

    static List<Path> bundles() {
        return List.of(Scenes.ORIGINAL_SCALED, Scenes.ORIGINAL_RAW);
    }
}
