package org.medficientsam.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;

class SampleCasesTest {
    private static final Path FOLDER = Path.of("..", "samples");

    @Test
    void committedSamplesAreWhatTheirGeneratorMakes() throws IOException {
        for (Map.Entry<String, Map<String, NpyArray>> sample : SampleCases.all().entrySet()) {
            Npz npz = Npz.read(FOLDER.resolve(sample.getKey()), Limits.DEFAULT);
            assertThat(npz.names()).containsExactlyElementsOf(sample.getValue().keySet());
            sample.getValue().forEach((name, array) -> {
                assertThat(npz.get(name).shape()).isEqualTo(array.shape());
                assertThat(npz.get(name).bytes())
                        .as(sample.getKey() + " " + name)
                        .isEqualTo(array.bytes());
            });
        }
    }

    @Test
    void samplesAreSmallCasesWithALabelForEveryBox() throws IOException {
        for (String name : SampleCases.all().keySet()) {
            Path file = FOLDER.resolve(name);
            assertThat(Files.size(file)).isLessThan(200_000);
            CaseFile sample = CaseNpz.read(file, Limits.DEFAULT);
            assertThat((sample instanceof VolumeCase)).isEqualTo(name.startsWith("3D"));
            assertThat(sample.spacing().isPresent()).isEqualTo((sample instanceof VolumeCase));
            int[] gts = Npz.read(file, Limits.DEFAULT, "gts").get("gts").toInts();
            for (int label = 1; label <= sample.boxes().size(); label++)
                assertThat(gts).contains(label);
        }
    }
}
