package org.medficientsam.segmenter.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.segmenter.Scenes;
import org.medficientsam.segmenter.bundle.InvalidBundleException;

/** What was hashed once needs no hash again, and what was changed since does, however well the change is hidden. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no inodes, so that everything is hashed")
class CheckedBundlesTest {
    private final Path bundles;
    private final Path bundle;
    private final Path list;

    CheckedBundlesTest(@TempDir Path folder) {
        bundles = folder.resolve("bundles");
        bundle = bundles.resolve("nano-int8");
        list = folder.resolve("checked");
    }

    @BeforeEach
    void check() throws IOException {
        Files.createDirectories(bundle);
        try (Stream<Path> files = Files.list(Scenes.ROOT.resolve("models/bundles/nano-int8"))) {
            for (Path file : files.toList()) Files.copy(file, bundle.resolve(file.getFileName()));
        }
        CheckedBundles.main(bundles.toString(), list.toString());
        System.setProperty(CheckedBundles.PROPERTY, list.toString());
    }

    @AfterEach
    void forget() {
        System.clearProperty(CheckedBundles.PROPERTY);
    }

    @Test
    void checkedBundleHoldsUntilAByteOfItChanges() throws IOException {
        assertThat(CheckedBundles.hold(bundle)).isTrue();
        Path encoder = bundle.resolve("encoder.onnx");
        FileTime before = Files.getLastModifiedTime(encoder);
        byte[] bytes = Files.readAllBytes(encoder);
        bytes[bytes.length / 2] ^= 1;

        Files.write(encoder, bytes);
        Files.setLastModifiedTime(encoder, before);

        assertThat(CheckedBundles.hold(bundle)).isFalse();
        assertThatThrownBy(() -> CheckedBundles.main(bundles.toString(), list.toString()))
                .isInstanceOf(InvalidBundleException.class)
                .hasMessageContaining("encoder.onnx must have sha256");
    }

    @Test
    void fileOfTheSameSizeAndTimeInItsPlaceIsAnother() throws IOException {
        Path decoder = bundle.resolve("decoder.onnx");
        FileTime before = Files.getLastModifiedTime(decoder);
        Path other = Files.copy(decoder, list.resolveSibling("other"));
        Files.setLastModifiedTime(other, before);

        Files.move(other, decoder, StandardCopyOption.REPLACE_EXISTING);

        assertThat(CheckedBundles.hold(bundle)).isFalse();
    }

    @Test
    void withoutAListOrAPlaceOnItNothingHolds() throws IOException {
        assertThat(CheckedBundles.hold(Scenes.ROOT.resolve("models/bundles/nano-int8")))
                .isFalse();
        Files.delete(list);
        assertThat(CheckedBundles.hold(bundle)).isFalse();
        System.clearProperty(CheckedBundles.PROPERTY);
        assertThat(CheckedBundles.hold(bundle)).isFalse();
    }
}
