package org.medficientsam.segmenter.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.segmenter.BundleCopy;
import org.medficientsam.segmenter.Scenes;
import org.medficientsam.segmenter.bundle.InvalidBundleException;
import org.medficientsam.segmenter.bundle.ModelBundle;

class GraphSignatureTest {
    private final BundleCopy nano;

    GraphSignatureTest(@TempDir Path temporary) throws IOException {
        nano = BundleCopy.of(Scenes.NANO, temporary);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
        return assertThatThrownBy(() -> {
                    ModelBundle bundle = ModelBundle.open(nano.folder());
                    ImageEncoder.open(bundle, 1).close();
                    MaskDecoder.open(bundle, 1).close();
                })
                .isInstanceOf(InvalidBundleException.class);
    }

    @Test
    void aPropagatorThatIsADecoderIsRefused() throws IOException {
        Files.copy(nano.file("decoder.onnx"), nano.file("propagator.onnx"));
        ModelBundle unlisted = ModelBundle.open(nano.folder());
        assertThat(unlisted.hasPropagator()).as("the manifest decides").isFalse();
        assertThatThrownBy(() -> MaskPropagator.open(unlisted, 1))
                .hasMessage("propagator.onnx is not part of the bundle");

        Matcher decoder = Pattern.compile("- \\{name: decoder\\.onnx,[^}]*}").matcher(nano.manifest());
        assertThat(decoder.find()).isTrue();
        nano.edit(decoder.group(), decoder.group() + "\n" + decoder.group().replace("decoder.onnx", "propagator.onnx"));
        nano.addPropagation();
        ModelBundle listed = ModelBundle.open(nano.folder());
        assertThatThrownBy(() -> MaskPropagator.open(listed, 1))
                .isInstanceOf(InvalidBundleException.class)
                .hasMessageStartingWith("propagator.onnx must have the inputs ")
                .hasMessageContaining("mask_input");
    }

    @Test
    void anEncoderOfAnotherSizeIsRefused() throws IOException {
        nano.edit("inputSize: 256", "inputSize: 512");

        assertRefused()
                .hasMessage("encoder.onnx: input image must be float32 (1, 3, 512, 512), got float32 (1, 3, 256, 256)");
    }

    @Test
    void anotherEmbeddingIsRefused() throws IOException {
        nano.edit("shape: [1, 64, 64, 64]", "shape: [1, 256, 64, 64]");

        assertRefused()
                .hasMessageStartingWith("encoder.onnx: output image_embeddings must be float32 (1, 256, 64, 64)");
    }

    @Test
    void aDecoderOfAnotherSizeIsRefused() throws IOException {
        nano.edit("maskSize: 128", "maskSize: 256");

        assertRefused().hasMessageStartingWith("decoder.onnx: output low_res_masks must be float32 (any, 1, 256, 256)");
    }

    @Test
    void exchangedGraphsAreRefused() throws IOException {
        Files.delete(nano.file("manifest.yaml"));
        Files.copy(
                Scenes.ORIGINAL_SCALED.resolve("decoder.onnx"),
                nano.file("encoder.onnx"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertRefused()
                .hasMessageStartingWith(
                        "encoder.onnx: output image_embeddings must be float32 (any, any, any, any), got none");
    }

    @Test
    void ourGraphsWithoutManifestAreRefused() throws IOException {
        Files.delete(nano.file("manifest.yaml"));

        assertRefused()
                .hasMessageStartingWith(
                        "a bundle without manifest.yaml must have the original project's signatures, got ");
    }

    @Test
    void whatIsNoGraphIsRefused() throws IOException {
        Files.delete(nano.file("manifest.yaml"));
        Files.writeString(nano.file("encoder.onnx"), "not a graph");

        assertRefused().hasMessage("encoder.onnx must be a graph that ONNX Runtime can load");
    }

    @Test
    void theCommittedPropagatorIsOpened() {
        MaskPropagator.open(ModelBundle.open(Scenes.MICRO), 1).close();
    }
}
