package org.medficientsam.segmenter.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.segmenter.bundle.FileCheck;
import org.medficientsam.segmenter.bundle.InvalidBundleException;
import org.medficientsam.segmenter.bundle.ModelBundle;

class ModelBundleTest {
    private static final Path ROOT = Path.of(System.getProperty("medficientsam.root"));
    private static final Path NANO = ROOT.resolve("models/bundles/nano");
    private static final Path ORIGINAL = ROOT.resolve("src/segmenter/src/test/resources/bundles/original-scaled");

    private final Path folder;

    ModelBundleTest(@TempDir Path temporary) {
        folder = temporary.resolve("nano");
    }

    @BeforeEach
    void copyNano() throws IOException {
        Files.createDirectory(folder);
        for (String name : new String[] {"manifest.yaml", "encoder.onnx", "decoder.onnx"})
            Files.copy(NANO.resolve(name), folder.resolve(name));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
        return assertThatThrownBy(() -> {
                    ModelBundle bundle = ModelBundle.open(folder);
                    ImageEncoder.open(bundle, 1).close();
                    MaskDecoder.open(bundle, 1).close();
                })
                .isInstanceOf(InvalidBundleException.class);
    }

    private void edit(String from, String to) throws IOException {
        Path manifest = folder.resolve("manifest.yaml");
        String text = Files.readString(manifest);
        assertThat(text).contains(from);
        Files.writeString(manifest, text.replace(from, to));
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
        ModelBundle bundle = ModelBundle.open(folder);

        assertThat(bundle.sha256()).isEqualTo(sha256sums(NANO, "encoder.onnx", "decoder.onnx"));
        assertThat(bundle.id()).isEqualTo("nano");
        assertThat(bundle.manifest()).isPresent();
    }

    @Test
    void theHashCoversAPropagatorToo() throws Exception {
        Path micro = NANO.resolveSibling("micro-int8");

        ModelBundle bundle = ModelBundle.open(micro);

        assertThat(bundle.sha256()).isEqualTo(sha256sums(micro, "encoder.onnx", "decoder.onnx", "propagator.onnx"));
        assertThat(bundle.hasPropagator()).isTrue();
        MaskPropagator.open(bundle, 1).close();
    }

    @Test
    void theHashOfFilesWithoutAManifestIsMadeLikewise() throws Exception {
        assertThat(ModelBundle.open(ORIGINAL).manifest()).isEmpty();
        assertThat(ModelBundle.open(ORIGINAL).sha256()).isEqualTo(sha256sums(ORIGINAL, "encoder.onnx", "decoder.onnx"));
    }

    @Test
    void wherePackagesCannotChangeOnlySizesAreCompared() throws Exception {
        byte[] encoder = Files.readAllBytes(folder.resolve("encoder.onnx"));
        encoder[encoder.length / 2] ^= 1;
        Files.write(folder.resolve("encoder.onnx"), encoder);

        assertThat(ModelBundle.open(folder, FileCheck.SIZES).sha256())
                .isEqualTo(ModelBundle.open(NANO).sha256());
        Files.write(folder.resolve("encoder.onnx"), new byte[1]);
        assertThatThrownBy(() -> ModelBundle.open(folder, FileCheck.SIZES))
                .isInstanceOf(InvalidBundleException.class)
                .hasMessageStartingWith("encoder.onnx must have ");
    }

    @Test
    void aPropagatorThatIsADecoderIsRefused() throws IOException {
        Files.copy(folder.resolve("decoder.onnx"), folder.resolve("propagator.onnx"));
        ModelBundle unlisted = ModelBundle.open(folder);
        assertThat(unlisted.hasPropagator()).as("the manifest decides").isFalse();
        assertThatThrownBy(() -> MaskPropagator.open(unlisted, 1))
                .hasMessage("propagator.onnx is not part of the bundle");

        Matcher decoder = Pattern.compile("- \\{name: decoder\\.onnx,[^}]*}")
                .matcher(Files.readString(folder.resolve("manifest.yaml")));
        assertThat(decoder.find()).isTrue();
        edit(decoder.group(), decoder.group() + "\n" + decoder.group().replace("decoder.onnx", "propagator.onnx"));
        Files.writeString(folder.resolve("manifest.yaml"), """
                propagation:
                  profile: {height: 1, exponent: 0.5, smallest: 0.1}
                  trust: 0.5
                  shape: {sides: 0, ends: 0}
                """, StandardOpenOption.APPEND);
        ModelBundle listed = ModelBundle.open(folder);
        assertThatThrownBy(() -> MaskPropagator.open(listed, 1))
                .isInstanceOf(InvalidBundleException.class)
                .hasMessageStartingWith("propagator.onnx must have the inputs ")
                .hasMessageContaining("mask_input");
    }

    @Test
    void aMissingFolderIsRefused() {
        assertThatThrownBy(() -> ModelBundle.open(folder.resolve("none")))
                .isInstanceOf(InvalidBundleException.class)
                .hasMessage("bundle must be a folder, found none");
    }

    @Test
    void aMissingFileIsRefused() throws IOException {
        Files.delete(folder.resolve("decoder.onnx"));

        assertRefused().hasMessage("decoder.onnx is missing");
    }

    @Test
    void aShortFileIsRefused() throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve("decoder.onnx"))) {
            out.write(1);
        }

        assertRefused().hasMessage("decoder.onnx must have 2120019 bytes, got 1");
    }

    @Test
    void aChangedByteIsRefused() throws IOException {
        byte[] encoder = Files.readAllBytes(folder.resolve("encoder.onnx"));
        encoder[encoder.length / 2] ^= 1;
        Files.write(folder.resolve("encoder.onnx"), encoder);

        assertRefused()
                .hasMessageStartingWith("encoder.onnx must have sha256 81f545ce")
                .hasMessageContaining(", got ");
    }

    @Test
    void anIdThatIsNotTheFolderIsRefused() throws IOException {
        edit("id: nano\n", "id: other\n");

        assertRefused().hasMessage("id must be the folder's name nano, got other");
    }

    @Test
    void anEncoderOfAnotherSizeIsRefused() throws IOException {
        edit("inputSize: 256", "inputSize: 512");

        assertRefused()
                .hasMessage("encoder.onnx: input image must be float32 (1, 3, 512, 512), got float32 (1, 3, 256, 256)");
    }

    @Test
    void anotherEmbeddingIsRefused() throws IOException {
        edit("shape: [1, 64, 64, 64]", "shape: [1, 256, 64, 64]");

        assertRefused()
                .hasMessageStartingWith("encoder.onnx: output image_embeddings must be float32 (1, 256, 64, 64)");
    }

    @Test
    void aDecoderOfAnotherSizeIsRefused() throws IOException {
        edit("maskSize: 128", "maskSize: 256");

        assertRefused().hasMessageStartingWith("decoder.onnx: output low_res_masks must be float32 (any, 1, 256, 256)");
    }

    @Test
    void exchangedGraphsAreRefused() throws IOException {
        Files.delete(folder.resolve("manifest.yaml"));
        Files.copy(
                ORIGINAL.resolve("decoder.onnx"),
                folder.resolve("encoder.onnx"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertRefused()
                .hasMessageStartingWith(
                        "encoder.onnx: output image_embeddings must be float32 (any, any, any, any), got none");
    }

    @Test
    void ourGraphsWithoutManifestAreRefused() throws IOException {
        Files.delete(folder.resolve("manifest.yaml"));

        assertRefused()
                .hasMessageStartingWith(
                        "a bundle without manifest.yaml must have the original project's signatures, got ");
    }

    @Test
    void whatIsNoGraphIsRefused() throws IOException {
        Files.delete(folder.resolve("manifest.yaml"));
        Files.writeString(folder.resolve("encoder.onnx"), "not a graph");

        assertRefused().hasMessage("encoder.onnx must be a graph that ONNX Runtime can load");
    }
}
