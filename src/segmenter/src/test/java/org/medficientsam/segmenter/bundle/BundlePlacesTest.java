package org.medficientsam.segmenter.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundlePlacesTest {
    private final Path option;
    private final Path variable;

    BundlePlacesTest(@TempDir Path folder) throws IOException {
        option = folder.resolve("option");
        variable = folder.resolve("variable");
        Files.createDirectories(option.resolve("a"));
        Files.createDirectories(variable.resolve("b"));
    }

    private BundlePlaces places(boolean named, boolean set) {
        return BundlePlaces.of(
                Optional.of(option).filter(folder -> named),
                "--models",
                set ? Map.of("MEDFICIENTSAM_BUNDLES", variable.toString()) : Map.of(),
                BundlePlacesTest.class);
    }

    @Test
    void theOptionGoesBeforeTheVariable() {
        assertThat(places(true, true).bundle("a")).isEqualTo(option.resolve("a"));
        assertThat(places(false, true).bundle("b")).isEqualTo(variable.resolve("b"));
    }

    @Test
    void aNamedFolderIsTheOnlyPlace() {
        assertThatThrownBy(() -> places(true, true).bundle("b"))
                .isInstanceOf(InvalidBundleException.class)
                .hasMessage("model b must be a folder in --models, found none");
        assertThatThrownBy(() -> places(false, true).bundle("micro-int8"))
                .hasMessage("model micro-int8 must be a folder in MEDFICIENTSAM_BUNDLES, found none");
    }

    /** This class lies in src/segmenter/target, and the repository's bundles three folders above. */
    @Test
    void withoutANameTheyLieBesideTheProgramOrAboveIt() {
        assertThat(places(false, false).bundle("micro-int8")).isDirectory();
        assertThatThrownBy(() -> places(false, false).bundle("none"))
                .hasMessage("model none must be a folder in models/bundles beside the program or models/bundles in the"
                        + " working directory, found none; --models or MEDFICIENTSAM_BUNDLES name another folder");
    }
}
