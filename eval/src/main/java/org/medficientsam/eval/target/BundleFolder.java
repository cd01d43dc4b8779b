package org.medficientsam.eval.target;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The bundles a process on this machine will find, for targets that cannot be asked over HTTP.
 *
 * @param folder one sub-folder per bundle, each with manifest.yaml
 * @param defaultId the bundle taken when none is named
 */
record BundleFolder(Path folder, String defaultId) {
    private static final List<String> GRAPHS = List.of("encoder.onnx", "decoder.onnx", "propagator.onnx");

    /** As the function reads its settings: MEDFICIENTSAM_BUNDLES and MEDFICIENTSAM_BUNDLE. */
    static BundleFolder fromEnvironment(Map<String, String> environment) {
        return new BundleFolder(
                Path.of(environment.getOrDefault("MEDFICIENTSAM_BUNDLES", "models/bundles")),
                environment.getOrDefault("MEDFICIENTSAM_BUNDLE", shipped()));
    }

    /** The bundle that the function of the same build takes. */
    static String shipped() {
        try (InputStream built = BundleFolder.class.getResourceAsStream("default-bundle")) {
            return new String(Objects.requireNonNull(built).readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a bundle's manifest says; null where there is none to read. */
    @Nullable
    ModelInfo model(@Nullable String id) {
        String wanted = id == null ? defaultId : id;
        Path bundle = folder.resolve(wanted);
        try {
            Object parsed = new Load(LoadSettings.builder().build())
                    .loadFromString(Files.readString(bundle.resolve("manifest.yaml")));
            return parsed instanceof Map<?, ?> keys
                    ? new ModelInfo(
                            wanted,
                            sha256(keys.get("files")),
                            keys.get("precision") instanceof String precision ? precision : null,
                            keys.get("inputSize") instanceof Integer size ? size : null,
                            count(keys.get("parameters")),
                            count(keys.get("macs")),
                            keys.get("rules") instanceof String rules ? rules : null)
                    : null;
        } catch (IOException | YamlEngineException unreadable) {
            return null;
        }
    }

    private static @Nullable Long count(@Nullable Object value) {
        return value instanceof Integer || value instanceof Long || value instanceof BigInteger
                ? Long.valueOf(((Number) value).longValue())
                : null;
    }

    /** As the function tells it: {@code sha256sum encoder.onnx decoder.onnx [propagator.onnx] | sha256sum}, of a manifest's files. */
    private static String sha256(@Nullable Object files) {
        StringBuilder lines = new StringBuilder();
        for (String graph : GRAPHS) {
            hash(files, graph).ifPresent(hash -> lines.append("%s  %s\n".formatted(hash, graph)));
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(lines.toString().getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private static Optional<String> hash(@Nullable Object files, String name) {
        return files instanceof List<?> entries
                ? entries.stream()
                        .filter(entry -> entry instanceof Map<?, ?> file && name.equals(file.get("name")))
                        .map(entry -> String.valueOf(((Map<?, ?>) entry).get("sha256")))
                        .findFirst()
                : Optional.empty();
    }
}
