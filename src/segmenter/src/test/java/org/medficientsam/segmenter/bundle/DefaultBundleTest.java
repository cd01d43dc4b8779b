package org.medficientsam.segmenter.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.medficientsam.segmenter.Scenes;

class DefaultBundleTest {
    @Test
    void theDefaultIsWhatTheBuildShipsAndLiesHere() {
        assertThat(DefaultBundle.id()).isEqualTo(System.getProperty("shipped.bundle"));
        assertThat(ModelBundle.open(Scenes.ROOT.resolve("models/bundles").resolve(DefaultBundle.id()))
                        .id())
                .isEqualTo(DefaultBundle.id());
    }

    @Test
    void theEnvironmentNamesAnother() {
        assertThat(DefaultBundle.id(Map.of("MEDFICIENTSAM_BUNDLE", "nano"))).isEqualTo("nano");
        assertThat(DefaultBundle.id(Map.of())).isEqualTo(DefaultBundle.id());
    }
}
