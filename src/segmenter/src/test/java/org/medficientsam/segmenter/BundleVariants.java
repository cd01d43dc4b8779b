package org.medficientsam.segmenter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Committed bundles with another manifest: what the rules are worth without one of their parts, and with weights they were not fitted to. */
final class BundleVariants {
    private static final String NUMBERS = """
            propagation:
              profile: {height: 0.88, exponent: 0.65, smallest: 0.1}
              trust: 0.6
              shape: {sides: 0.5, ends: 1.3}
            """;

    private BundleVariants() {}

    /** nano, which has no propagator, with the rules steady. */
    static Path steadyNano(Path folder) {
        return variant(
                Scenes.NANO, folder, manifest -> replaced(manifest, "rules: medficientsam", "rules: steady") + NUMBERS);
    }

    /** micro-int8 without its propagator. */
    static Path withoutPropagator(Path folder) {
        return variant(Scenes.MICRO, folder, manifest -> {
            List<String> lines = manifest.lines().toList();
            List<String> kept = lines.stream()
                    .filter(line -> !line.contains("name: propagator.onnx"))
                    .toList();
            assertThat(kept).hasSize(lines.size() - 1);
            return String.join("\n", kept) + "\n";
        });
    }

    /** micro-int8 with nothing added to its propagator's logits. */
    static Path withoutShape(Path folder) {
        return variant(
                Scenes.MICRO,
                folder,
                manifest -> replaced(manifest, "shape: {sides: 0.5, ends: 1.3}", "shape: {sides: 0, ends: 0}"));
    }

    private interface Edit {
        String apply(String manifest);
    }

    private static Path variant(Path bundle, Path folder, Edit edit) {
        Path variant = folder.resolve(bundle.getFileName());
        try (Stream<Path> files = Files.list(bundle)) {
            Files.createDirectory(variant);
            for (Path file : files.filter(f -> f.toString().endsWith(".onnx")).toList())
                Files.createSymbolicLink(variant.resolve(file.getFileName()), file);
            Files.writeString(
                    variant.resolve("manifest.yaml"), edit.apply(Files.readString(bundle.resolve("manifest.yaml"))));
            return variant;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String replaced(String text, String from, String to) {
        assertThat(text).contains(from);
        return text.replace(from, to);
    }
}
