package org.medficientsam.segmenter.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/** The bundle that answers when none is named: the one the build was told to ship, property {@code medficientsam.bundle} of the root pom. */
public final class DefaultBundle {
    /** The environment variable that names another. */
    public static final String VARIABLE = "MEDFICIENTSAM_BUNDLE";

    private DefaultBundle() {}

    /** Its id, as built. */
    public static String id() {
        try (InputStream built = DefaultBundle.class.getResourceAsStream("default-bundle")) {
            return new String(Objects.requireNonNull(built).readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its id, as built unless the environment names another. */
    public static String id(Map<String, String> environment) {
        String named = environment.get(VARIABLE);
        return named == null ? id() : named;
    }
}
