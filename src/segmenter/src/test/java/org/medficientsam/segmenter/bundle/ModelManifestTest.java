package org.medficientsam.segmenter.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medficientsam.segmenter.bundle.PropagationParameters.Profile;
import org.medficientsam.segmenter.bundle.PropagationParameters.Shape;

/** Against the fixtures that the Python tools are tested with too. */
class ModelManifestTest {
    private static final Path MODELS = Path.of(System.getProperty("medficientsam.root"), "models");
    private static final String ERROR = "# error: ";

    static List<Path> valid() throws IOException {
        return fixtures("valid");
    }

    static List<Path> invalid() throws IOException {
        return fixtures("invalid");
    }

    private static List<Path> fixtures(String kind) throws IOException {
        try (Stream<Path> files =
                Files.list(MODELS.resolve("fixtures/manifests").resolve(kind))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("valid")
    void validManifestsAreAccepted(Path file) throws IOException {
        ModelManifest manifest = ModelManifest.parse(Files.readString(file));

        assertThat(manifest.files())
                .extracting(ModelManifest.BundleFile::name)
                .contains("encoder.onnx", "decoder.onnx");
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void invalidManifestsAreRefusedInTheSchemasWords(Path file) throws IOException {
        String yaml = Files.readString(file);
        String error = yaml.lines().findFirst().orElseThrow();
        assertThat(error).startsWith(ERROR);

        assertThatThrownBy(() -> ModelManifest.parse(yaml))
                .isInstanceOf(InvalidBundleException.class)
                .hasMessageContaining(error.substring(ERROR.length()));
    }

    @Test
    void theCommittedManifestIsReadWhole() {
        ModelManifest nano = ModelManifest.read(MODELS.resolve("bundles/nano"));

        assertThat(nano.id()).isEqualTo("nano");
        assertThat(nano.inputSize()).isEqualTo(256);
        assertThat(nano.maskSize()).isEqualTo(128);
        assertThat(nano.embedding().shape()).containsExactly(1L, 64L, 64L, 64L);
        assertThat(nano.rules()).isEqualTo("medficientsam");
        assertThat(nano.macs()).isGreaterThan(1_500_000_000L);
        assertThat(nano.weights().trainedOn()).isNotEmpty();
        assertThat(nano.scores()).containsKeys("2D", "3D");
        assertThat(nano.propagation()).isEmpty();
    }

    @Test
    void theNumbersOfPropagationAreThoseThatItsWeightsWereTrainedWith() {
        assertThat(ModelManifest.read(MODELS.resolve("bundles/micro-int8")).propagation())
                .contains(new PropagationParameters(new Profile(0.88, 0.65, 0.1), 0.6, new Shape(0.5, 1.3)));
    }
}
