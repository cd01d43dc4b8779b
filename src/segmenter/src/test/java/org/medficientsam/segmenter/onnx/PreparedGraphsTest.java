package org.medficientsam.segmenter.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.segmenter.Scenes;
import org.medficientsam.segmenter.Segmentation;
import org.medficientsam.segmenter.Segmenter;
import org.medficientsam.segmenter.SegmenterOptions;
import org.medficientsam.segmenter.bundle.FileCheck;
import org.medficientsam.segmenter.bundle.ModelBundle;

/** Graphs that were rewritten before the start answer as those that are rewritten while they load. */
class PreparedGraphsTest {
    @AfterEach
    void forget() {
        System.clearProperty(PreparedGraphs.PROPERTY);
    }

    private static List<Segmentation> segmented(FileCheck check) {
        try (Segmenter segmenter =
                Segmenter.open(Scenes.MICRO, SegmenterOptions.defaults().withFileCheck(check))) {
            return List.of(
                    segmenter.segment(Scenes.discs(60, 90, 1, 30, 30, 12)),
                    segmenter.segment(Scenes.balls(5, 64, 64, 1, 32, 32, 2, 12)));
        }
    }

    @Test
    void labelsAreTheSameToTheBit(@TempDir Path folder) throws IOException {
        List<Segmentation> expected = segmented(FileCheck.SIZES);
        PreparedGraphs.make(ModelBundle.open(Scenes.MICRO), folder);
        System.setProperty(PreparedGraphs.PROPERTY, folder.toString());
        for (Path graph : List.of(Scenes.MICRO.resolve("encoder.onnx"), Scenes.MICRO.resolve("propagator.onnx")))
            assertThat(PreparedGraphs.of(ModelBundle.open(Scenes.MICRO, FileCheck.SIZES), graph))
                    .isPresent();

        List<Segmentation> found = segmented(FileCheck.SIZES);

        for (int i = 0; i < expected.size(); i++)
            assertThat(found.get(i).labels().labels())
                    .isEqualTo(expected.get(i).labels().labels());
    }

    @Test
    void bundleThatNobodyComparedIsLoadedAsItLies(@TempDir Path folder) throws IOException {
        ModelBundle bundle = ModelBundle.open(Scenes.MICRO, FileCheck.HASHES_WHILE_LOADING);
        PreparedGraphs.make(bundle, folder);
        System.setProperty(PreparedGraphs.PROPERTY, folder.toString());

        assertThat(PreparedGraphs.of(bundle, bundle.encoder())).isEmpty();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .hasSize(3)
                    .allMatch(name -> name.endsWith(".onnx"));
        }
    }
}
