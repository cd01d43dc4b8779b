package org.medficientsam.eval.metric;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Files that the challenge's own script made, with NumPy 1.26.4 and SciPy 1.11.4. */
public record ExpectedScores(Path folder, List<Json> cases) {

    static final ExpectedScores GOLDEN = in("golden/metrics");
    public static final ExpectedScores BENCH = in("bench/metrics");

    private static ExpectedScores in(String folder) {
        Path path = resource(folder);
        return new ExpectedScores(
                path, Json.read(path.resolve("expected.json")).get("cases").list());
    }

    public static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(ExpectedScores.class.getResource("/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public Path gts() {
        return folder.resolve("gts");
    }

    public Path segs() {
        return folder.resolve("segs");
    }
}
