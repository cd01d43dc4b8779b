package org.medficientsam.function;

import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/** Settings that follow from running as a Lambda: nothing listens on a port there. Whoever sets them otherwise wins. */
public final class LambdaEnvironment implements ConfigSource {
    private static final Map<String, String> SETTINGS = Map.of("quarkus.http.host-enabled", "false");

    /** Whether the Lambda runtime started this process. */
    static boolean isPresent() {
        return System.getenv("AWS_LAMBDA_RUNTIME_API") != null;
    }

    /** Above application.properties (250), below environment variables (300). */
    @Override
    public int getOrdinal() {
        return 275;
    }

    @Override
    public Map<String, String> getProperties() {
        return isPresent() ? SETTINGS : Map.of();
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
