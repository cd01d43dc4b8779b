package org.medficientsam.eval.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BundleFolderTest {

    @Test
    void theDefaultIsWhatTheBuildShipsAndLiesHere() {
        BundleFolder bundles = new BundleFolder(
                Path.of(System.getProperty("medficientsam.root"), "models/bundles"),
                BundleFolder.fromEnvironment(Map.of()).defaultId());

        assertThat(bundles.defaultId()).isEqualTo(System.getProperty("shipped.bundle"));
        assertThat(bundles.model(null)).isNotNull();
        assertThat(BundleFolder.fromEnvironment(Map.of("MEDFICIENTSAM_BUNDLE", "nano"))
                        .defaultId())
                .isEqualTo("nano");
    }
}
