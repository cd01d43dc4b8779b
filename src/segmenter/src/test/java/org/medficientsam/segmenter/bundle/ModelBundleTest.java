package org.medficientsam.segmenter.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.segmenter.BundleCopy;
import org.medficientsam.segmenter.Scenes;

class ModelBundleTest {
    private final BundleCopy nano;

    ModelBundleTest(@TempDir Path temporary) throws IOException {
        nano = BundleCopy.of(Scenes.NANO, temporary);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
        return assertThatThrownBy(() -> ModelBundle.open(nano.folder())).isInstanceOf(InvalidBundleException.class);
    }

    /** As the shell would: {@code sha256sum encoder.onnx decoder.onnx | sha256sum}. */
    private static String sha256sums(Path bundle, String... names) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        StringBuilder lines = new StringBuilder();
        for (String name : names)
            lines.append(HexFormat.of().formatHex(digest.digest(Files.readAllBytes(bundle.resolve(name)))))
                    .append("  %s\n".formatted(name));
        return HexFormat.of().formatHex(digest.digest(lines.toString().getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void theHashIsThatOfBothGraphs() throws Exception {
        ModelBundle bundle = ModelBundle.open(nano.folder());

        assertThat(bundle.sha256()).isEqualTo(sha256sums(Scenes.NANO, "encoder.onnx", "decoder.onnx"));
        assertThat(bundle.id()).isEqualTo("nano");
        assertThat(bundle.manifest()).isPresent();
    }

    @Test
    void theHashCoversAPropagatorToo() throws Exception {
        Path micro = Scenes.MICRO;

        ModelBundle bundle = ModelBundle.open(micro);

        assertThat(bundle.sha256()).isEqualTo(sha256sums(micro, "encoder.onnx", "decoder.onnx", "propagator.onnx"));
        assertThat(bundle.hasPropagator()).isTrue();
    }

    @Test
    void theHashOfFilesWithoutAManifestIsMadeLikewise() throws Exception {
        assertThat(ModelBundle.open(Scenes.ORIGINAL_SCALED).manifest()).isEmpty();
        assertThat(ModelBundle.open(Scenes.ORIGINAL_SCALED).sha256())
                .isEqualTo(sha256sums(Scenes.ORIGINAL_SCALED, "encoder.onnx", "decoder.onnx"));
    }

    @Test
    void wherePackagesCannotChangeOnlySizesAreCompared() throws Exception {
        byte[] encoder = Files.readAllBytes(nano.file("encoder.onnx"));
        encoder[encoder.length / 2] ^= 1;
        Files.write(nano.file("encoder.onnx"), encoder);

        assertThat(ModelBundle.open(nano.folder(), FileCheck.SIZES).sha256())
                .isEqualTo(ModelBundle.open(Scenes.NANO).sha256());
        Files.write(nano.file("encoder.onnx"), new byte[1]);
        assertThatThrownBy(() -> ModelBundle.open(nano.folder(), FileCheck.SIZES))
                .isInstanceOf(InvalidBundleException.class)
                .hasMessageStartingWith("encoder.onnx must have ");
    }

    @Test
    void aMissingFolderIsRefused() {
        assertThatThrownBy(() -> ModelBundle.open(nano.file("none")))
                .isInstanceOf(InvalidBundleException.class)
                .hasMessage("bundle must be a folder, found none");
    }

    @Test
    void aMissingFileIsRefused() throws IOException {
        Files.delete(nano.file("decoder.onnx"));

        assertRefused().hasMessage("decoder.onnx is missing");
    }

    @Test
    void aShortFileIsRefused() throws IOException {
        try (OutputStream out = Files.newOutputStream(nano.file("decoder.onnx"))) {
            out.write(1);
        }

        assertRefused().hasMessage("decoder.onnx must have 2120019 bytes, got 1");
    }

    @Test
    void aChangedByteIsRefused() throws IOException {
        byte[] encoder = Files.readAllBytes(nano.file("encoder.onnx"));
        encoder[encoder.length / 2] ^= 1;
        Files.write(nano.file("encoder.onnx"), encoder);

        assertRefused()
                .hasMessageStartingWith("encoder.onnx must have sha256 81f545ce")
                .hasMessageContaining(", got ");
    }

    @Test
    void anIdThatIsNotTheFolderIsRefused() throws IOException {
        nano.edit("id: nano\n", "id: other\n");

        assertRefused().hasMessage("id must be the folder's name nano, got other");
    }
}
