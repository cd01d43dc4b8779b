package org.medficientsam.function.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.segmenter.Segmenter;
import org.medficientsam.segmenter.SegmenterOptions;
import org.medficientsam.segmenter.bundle.FileCheck;

/** What was begun beside Quarkus is taken once, and only for what is really wanted. */
class EarlyModelTest {
    private static final Path MODELS = Path.of(System.getProperty("repository.root", "../.."), "models/bundles");
    private static final SegmenterOptions DEFAULTS = SegmenterOptions.defaults().withFileCheck(FileCheck.HASHES);

    private static Map<String, String> environment(Path bundles, String bundle) {
        return new HashMap<>(Map.of("MEDFICIENTSAM_BUNDLES", bundles.toString(), "MEDFICIENTSAM_BUNDLE", bundle));
    }

    @Test
    void theBundleThatWasBegunIsTakenOnce() {
        EarlyModel.begin(environment(MODELS, "nano"));

        Optional<Segmenter> early = EarlyModel.take(MODELS.resolve("nano"), DEFAULTS);
        assertThat(early).isPresent();
        assertThat(early.get().bundle().id()).isEqualTo("nano");
        early.get().close();
        assertThat(EarlyModel.take(MODELS.resolve("nano"), DEFAULTS)).isEmpty();
    }

    @Test
    void anotherBundleOrOtherOptionsAreNotMistakenForIt() {
        EarlyModel.begin(environment(MODELS, "nano"));
        assertThat(EarlyModel.take(MODELS.resolve("nano-int8"), DEFAULTS)).isEmpty();
        EarlyModel.begin(environment(MODELS, "nano"));
        assertThat(EarlyModel.take(MODELS.resolve("nano"), DEFAULTS.withCacheBytes(0)))
                .isEmpty();
    }

    @Test
    void nothingIsBegunWhereTheDefaultsDoNotHold() {
        Map<String, String> two = environment(MODELS, "nano");
        two.put("MEDFICIENTSAM_THREADS", "2");
        EarlyModel.begin(two);
        assertThat(EarlyModel.take(MODELS.resolve("nano"), DEFAULTS)).isEmpty();
        EarlyModel.begin(environment(MODELS, "none"));
        assertThat(EarlyModel.take(MODELS.resolve("none"), DEFAULTS)).isEmpty();
    }

    @Test
    void aBundleThatCannotBeOpenedIsLeftToWhoeverOpensItAgain(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("broken"));
        Files.writeString(folder.resolve("broken/manifest.yaml"), "id: broken\n");
        EarlyModel.begin(environment(folder, "broken"));

        assertThat(EarlyModel.take(folder.resolve("broken"), DEFAULTS)).isEmpty();
    }
}
