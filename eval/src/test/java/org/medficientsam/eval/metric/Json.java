package org.medficientsam.eval.metric;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A value of an expected-results file. JSON is YAML 1.2, so the catalogue's parser reads it. */
record Json(@Nullable Object value) {

    static Json read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new Json(new Load(LoadSettings.builder().build()).loadFromInputStream(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A member that has to be there. */
    Json get(String key) {
        Map<?, ?> members = (Map<?, ?>) Objects.requireNonNull(value);
        if (!members.containsKey(key)) {
            throw new IllegalArgumentException("no " + key + " in " + members.keySet());
        }
        return new Json(members.get(key));
    }

    List<Json> list() {
        return ((List<?>) Objects.requireNonNull(value)).stream().map(Json::new).toList();
    }

    /** null stands for NaN. */
    double number() {
        return value == null ? Double.NaN : ((Number) value).doubleValue();
    }

    long count() {
        return ((Number) Objects.requireNonNull(value)).longValue();
    }

    String text() {
        return (String) Objects.requireNonNull(value);
    }
}
