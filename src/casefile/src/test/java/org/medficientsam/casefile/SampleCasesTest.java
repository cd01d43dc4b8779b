package org.medficientsam.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.casefile.npz.Npz;

/** The cases of src/samples, which README, tests and goldens use: synthetic, so that they may be given away. */
class SampleCasesTest {
    private static final Path FOLDER = Path.of("..", "samples");

    @Test
    void theFolderHoldsThreeSmallCases() throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(FOLDER)) {
            files = listed.filter(Files::isRegularFile).sorted().toList();
        }
        assertThat(files)
                .extracting(file -> file.getFileName().toString())
                .containsExactly("2D_sample_cells.npz", "2D_sample_lesion.npz", "3D_sample_organs.npz");
        for (Path file : files) {
            assertThat(Files.size(file)).isLessThan(200_000);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2D_sample_cells, 1, 240, 320, 48",
        "2D_sample_lesion, 1, 240, 320, 1",
        "3D_sample_organs, 20, 112, 144, 4"
    })
    void everyBoxIsTheTightBoxOfItsLabel(String name, int depth, int height, int width, int labels) throws IOException {
        Path file = FOLDER.resolve(name + ".npz");
        CaseFile sample = CaseNpz.read(file, Limits.DEFAULT);
        int[] gts = Npz.read(file, Limits.DEFAULT, "gts").get("gts").toInts(); // (depth, height, width)
        boolean volume = sample instanceof VolumeCase;
        assertThat(volume).isEqualTo(name.startsWith("3D"));
        assertThat(sample.spacing().isPresent()).isEqualTo(volume);
        assertThat(gts).hasSize(depth * height * width);
        assertThat(Arrays.stream(gts).max()).hasValue(labels);
        assertThat(sample.boxes()).hasSize(labels);
        for (int label = 1; label <= labels; label++) {
            int wanted = label;
            int[] inside =
                    IntStream.range(0, gts.length).filter(i -> gts[i] == wanted).toArray();
            Box box = sample.boxes().get(label - 1);
            Box2D plane = box instanceof Box3D solid
                    ? new Box2D(solid.xMin(), solid.yMin(), solid.xMax(), solid.yMax())
                    : (Box2D) box;
            assertThat(plane)
                    .isEqualTo(new Box2D(
                            low(inside, i -> i % width), low(inside, i -> i / width % height),
                            high(inside, i -> i % width), high(inside, i -> i / width % height)));
            if (box instanceof Box3D solid) {
                assertThat(solid.zMin()).isEqualTo(low(inside, i -> i / width / height));
                assertThat(solid.zMax()).isEqualTo(high(inside, i -> i / width / height));
            }
        }
    }

    private static int low(int[] voxels, IntUnaryOperator coordinate) {
        return Arrays.stream(voxels).map(coordinate).min().orElseThrow();
    }

    private static int high(int[] voxels, IntUnaryOperator coordinate) {
        return Arrays.stream(voxels).map(coordinate).max().orElseThrow();
    }
}
