package org.medficientsam.imagefile.intensity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.util.Objects;
import java.util.OptionalDouble;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.imagefile.image.FileKind;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.VoxelGrid;
import org.medficientsam.imagefile.image.Voxels;
import org.medficientsam.imagefile.numpy.NumpyReader;

/** NumPy's percentile of the non-zero values, from create_files.py. */
class PercentilesTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void areNumPys(int index) throws Exception {
        Npz npz;
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/percentiles.npz"))) {
            npz = Npz.read(in, Limits.DEFAULT);
        }
        Voxels voxels = NumpyReader.voxels(npz.get("a" + index));
        RawImage image = RawImage.of(FileKind.NPY, VoxelGrid.plain(voxels.count(), 1, 1), 1, voxels)
                .build();
        NpyArray bounds = npz.get("bounds");

        double[] found = Percentiles.of(image, OptionalDouble.empty(), 0.5, 99.5);

        for (int i = 0; i < 2; i++) {
            double expected = bounds.at(2 * index + i);
            assertThat(found[i]).isCloseTo(expected, within(1e-12 * Math.abs(expected)));
        }
    }
}
