package org.medficientsam.segmenter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.casefile.npz.LabelMapNpz;
import org.medficientsam.casefile.npz.Npz;

/**
 * The bundle that ships, by its own rules, against a second program: models/medficientsam_models/pipeline, which was written from
 * models/SCHEMA.md. src/test/python/steady_golden.py made the volumes and images, and the label maps of the samples too.
 *
 * <p>On the machine that made them not a voxel differs. Another processor's kernels round differently, by about 1e-5 of an embedding's
 * spread: that much changes no voxel, a hundred times as much one voxel in a thousand of an object, or a single one of a small object.
 */
class SteadyGoldenTest extends OnMicro {
    private static final double SHARE = 0.001; // of an object's voxels
    private static final Path SAMPLES = Path.of(System.getProperty("medficientsam.root"), "src/samples");

    @ParameterizedTest
    @ValueSource(strings = {"one", "nested", "many", "cut", "rgb"})
    void volumesEqualPythons(String name) throws IOException {
        Npz golden = golden(name);

        assertEqual(CaseNpz.from(golden, Limits.DEFAULT), LabelMapNpz.from(golden.get("segs")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"specks", "crowd"})
    void smallObjectsOfLargeImagesEqualPythons(String name) throws IOException {
        Npz golden = golden(name);

        assertEqual(CaseNpz.from(golden, Limits.DEFAULT), LabelMapNpz.from(golden.get("segs")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2D_sample_cells", "2D_sample_lesion", "3D_sample_organs"})
    void samplesEqualPythons(String name) throws IOException {
        CaseFile caseFile = CaseNpz.read(SAMPLES.resolve(name + ".npz"), Limits.DEFAULT);

        assertEqual(caseFile, LabelMapNpz.from(golden(name).get("segs")));
    }

    private static Npz golden(String name) throws IOException {
        try (InputStream stream = SteadyGoldenTest.class.getResourceAsStream("steady/" + name + ".npz")) {
            return Npz.read(Objects.requireNonNull(stream), Limits.DEFAULT);
        }
    }

    private static void assertEqual(CaseFile caseFile, LabelMap expected) {
        assertThat(segmenter.rules().name()).isEqualTo("steady");

        LabelMap found = segmenter.segment(caseFile).labels();

        assertThat(found.shape()).containsExactly(expected.shape());
        int objects = caseFile.boxes().size();
        long[] voxels = new long[objects + 1];
        long[] differing = new long[objects + 1];
        for (int z = 0; z < expected.depth(); z++)
            for (int y = 0; y < expected.height(); y++)
                for (int x = 0; x < expected.width(); x++) {
                    int wanted = expected.get(z, y, x);
                    int got = found.get(z, y, x);
                    voxels[wanted]++;
                    if (got != wanted) {
                        differing[wanted]++;
                        differing[got]++;
                    }
                }
        for (int label = 1; label <= objects; label++) {
            assertThat(voxels[label])
                    .as("voxels of label %d in the golden map", label)
                    .isPositive();
            assertThat(differing[label])
                    .as("voxels of label %d that differ, of %d", label, voxels[label])
                    .isLessThanOrEqualTo(Math.max(1, Math.round(SHARE * voxels[label])));
        }
    }
}
