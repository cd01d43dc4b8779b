package org.medficientsam.function.lambda;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;
import org.medficientsam.segmenter.bundle.FileCheck;

/**
 * Settings that follow from running as a Lambda: bundles lie in what it unpacked, nothing listens on a port there, cases come one at a
 * time, nothing is kept from one to the next, there is no page, and its own front decides about origins. Whoever sets them otherwise
 * wins.
 */
public final class LambdaEnvironment implements ConfigSource {
    private static final Map<String, String> SETTINGS = Map.of(
            "quarkus.http.host-enabled", "false",
            "medficientsam.concurrency", "1",
            "medficientsam.page.enabled", "false",
            "medficientsam.images.enabled", "false",
            "medficientsam.same-origin", "false");

    private final Map<String, String> settings = settings(System.getenv());

    /** Whether the Lambda runtime started this process. */
    public static boolean isPresent() {
        return isPresent(System.getenv());
    }

    private static boolean isPresent(Map<String, String> environment) {
        return environment.containsKey("AWS_LAMBDA_RUNTIME_API");
    }

    /** Whether this process was started before anybody asked for it, and nobody waits for it now. */
    static boolean isProvisioned() {
        return "provisioned-concurrency".equals(System.getenv("AWS_LAMBDA_INITIALIZATION_TYPE"));
    }

    /**
     * What AWS unpacked from the package it had checked cannot have changed since, as its file system is read-only; the build
     * compared the hashes before it made the package.
     */
    public static FileCheck fileCheck(Map<String, String> environment, Path bundle) {
        String root = environment.get("LAMBDA_TASK_ROOT");
        boolean packaged = root != null && bundle.toAbsolutePath().normalize().startsWith(Path.of(root));
        return packaged ? FileCheck.SIZES : FileCheck.HASHES;
    }

    /** The bundles in the package that AWS unpacked, where there are some. */
    static Optional<Path> bundles(Map<String, String> environment) {
        return Optional.ofNullable(environment.get("LAMBDA_TASK_ROOT"))
                .map(root -> Path.of(root, "models", "bundles"))
                .filter(Files::isDirectory);
    }

    /** Above application.properties (250), below environment variables (300). */
    @Override
    public int getOrdinal() {
        return 275;
    }

    @Override
    public Map<String, String> getProperties() {
        return settings;
    }

    static Map<String, String> settings(Map<String, String> environment) {
        Map<String, String> settings = new HashMap<>(isPresent(environment) ? SETTINGS : Map.of());
        bundles(environment).ifPresent(folder -> settings.put("medficientsam.bundles", folder.toString()));
        return settings;
    }

    @Override
    public Set<String> getPropertyNames() {
        return getProperties().keySet();
    }

    @Override
    public @Nullable String getValue(String name) {
        return getProperties().get(name);
    }

    @Override
    public String getName() {
        return "Lambda environment";
    }
}
