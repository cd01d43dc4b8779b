package org.medficientsam.imagefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.imagefile.image.Affine;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.image.VoxelGrid;

/** Every file of files/ is read voxel for voxel as nibabel, pydicom, SimpleITK, Pillow or tifffile reads it; see create_files.py. */
class ReaderGoldenTest {
    private static final Npz EXPECTED = Resources.npz("expected.npz");

    /** JPEG: decoders round their cosines each in their own way. */
    private static final double LOSSY = 2;

    static List<Path> files() {
        return Resources.files();
    }

    @Test
    void everyExpectedFileIsThere() {
        assertThat(files()).hasSizeGreaterThan(70);
        for (Path file : files()) assertThat(EXPECTED.names()).contains(String.valueOf(file.getFileName()));
    }

    @ParameterizedTest
    @MethodSource("files")
    void valuesAndPlaceAreThoseOfPythonsReaders(Path file) throws Exception {
        String name = String.valueOf(file.getFileName());
        RawImage image = ImageFiles.read(file, ReadLimits.LOCAL).raw();
        NpyArray expected = EXPECTED.get(name);
        VoxelGrid grid = image.grid();
        assertThat(new int[] {grid.size(2), grid.size(1), grid.size(0), image.channels()})
                .isEqualTo(expected.shape());
        double tolerance = name.endsWith(".jpg") ? LOSSY : 0;
        int at = 0;
        for (int k = 0; k < grid.size(2); k++)
            for (int j = 0; j < grid.size(1); j++)
                for (int i = 0; i < grid.size(0); i++)
                    for (int c = 0; c < image.channels(); c++)
                        assertThat(image.value(i, j, k, c))
                                .as("(%d, %d, %d), channel %d", i, j, k, c)
                                .isCloseTo(expected.at(at++), within(tolerance));
        checkPlace(EXPECTED.find(name + ".affine"), grid);
    }

    private static void checkPlace(Optional<NpyArray> expected, VoxelGrid grid) {
        if (expected.isEmpty()) return;
        Affine affine = grid.affine().orElseThrow();
        for (int i = 0; i < 12; i++)
            assertThat(affine.get(i / 4, i % 4)).isCloseTo(expected.get().at(i), within(1e-4));
    }

    @ParameterizedTest
    @MethodSource("files")
    void bytesAloneAreReadAlike(Path file) throws Exception {
        RawImage fromFile = ImageFiles.read(file, ReadLimits.LOCAL).raw();
        RawImage fromBytes =
                ImageFiles.read(Files.readAllBytes(file), "", ReadLimits.LOCAL).raw();
        assertThat(fromBytes.kind()).isEqualTo(fromFile.kind());
        assertThat(fromBytes.voxels().count()).isEqualTo(fromFile.voxels().count());
        assertThat(fromBytes.value(0, 0, 0, 0)).isEqualTo(fromFile.value(0, 0, 0, 0));
    }
}
