package org.medficientsam.segmenter.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.segmenter.BundleCopy;
import org.medficientsam.segmenter.Scenes;
import org.medficientsam.segmenter.Segmenter;
import org.medficientsam.segmenter.SegmenterOptions;
import org.medficientsam.segmenter.bundle.InvalidBundleException;

/** No graph runs whose hash is not the manifest's, though it is only looked at while the graph loads. */
class GraphHashTest {
    private static void flipInTheMiddle(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1; // a weight: the graph still loads
        Files.write(file, bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder.onnx", "decoder.onnx"})
    void changedGraphIsRefused(String name, @TempDir Path folder) throws IOException {
        BundleCopy nano = BundleCopy.of(Scenes.NANO, folder);
        flipInTheMiddle(nano.file(name));

        assertThatThrownBy(() -> Segmenter.open(nano.folder(), SegmenterOptions.defaults()))
                .isInstanceOf(InvalidBundleException.class)
                .hasMessageStartingWith(name + " must have sha256 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder.onnx", "decoder.onnx"})
    void graphThatCannotBeLoadedIsExplainedByItsHash(String name, @TempDir Path folder) throws IOException {
        BundleCopy nano = BundleCopy.of(Scenes.NANO, folder);
        Files.write(nano.file(name), new byte[(int) Files.size(nano.file(name))]);

        assertThatThrownBy(() -> Segmenter.open(nano.folder(), SegmenterOptions.defaults()))
                .isInstanceOf(InvalidBundleException.class)
                .hasMessageStartingWith(name + " must have sha256 ");
    }

    @Test
    void changedPropagatorIsRefusedByTheVolumeThatNeedsIt(@TempDir Path folder) throws IOException {
        BundleCopy micro = BundleCopy.of(Scenes.MICRO, folder);
        flipInTheMiddle(micro.file("propagator.onnx"));

        try (Segmenter segmenter = Segmenter.open(micro.folder(), SegmenterOptions.defaults())) {
            assertThat(segmenter.segment(Scenes.discs(60, 60, 1, 30, 30, 12)).labels())
                    .isNotNull();
            assertThatThrownBy(() -> segmenter.segment(Scenes.balls(3, 64, 64, 1, 32, 32, 1, 12)))
                    .isInstanceOf(InvalidBundleException.class)
                    .hasMessageStartingWith("propagator.onnx must have sha256 ");
        }
    }
}
