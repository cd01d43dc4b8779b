package org.medficientsam.segmenter.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.segmenter.Scenes;

@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CasePathsTest {
    private static final Path SAMPLE = Scenes.ROOT.resolve("src/samples/2D_sample_cells.npz");

    private final Path folder;

    CasePathsTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("cases"));
        Files.copy(SAMPLE, folder.resolve("cases/a.npz"));
    }

    @Test
    void pathsThatLeadToTheSamePlaceAreTheSame() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("cases"));

        assertThat(CasePaths.isSame(link, folder.resolve("cases"))).isTrue();
        assertThat(CasePaths.isSame(link.resolve("a.npz"), folder.resolve("cases/a.npz")))
                .isTrue();
        assertThat(CasePaths.isSame(link.resolve("new"), folder.resolve("cases/./new")))
                .isTrue();
        assertThat(CasePaths.isSame(folder.resolve("cases"), folder.resolve("other")))
                .isFalse();
    }

    @Test
    void aFolderIsNotWrittenOverThroughALink() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("cases"));

        assertThat(segment(folder.resolve("cases"), "-o", link)).contains("output must not be the input");
        assertThat(Files.mismatch(SAMPLE, folder.resolve("cases/a.npz"))).isEqualTo(-1);
    }

    @Test
    void aDeviceIsNeitherReplacedNorRead() {
        assertThat(segment(folder.resolve("cases/a.npz"), "-o", "/dev/null")).contains("only that is replaced");
        assertThat(segment("/dev/zero", "-o", folder.resolve("out.npz"))).contains("input must be a regular file");
        assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
    }

    @Test
    void aPipeAmongTheCasesFailsAndHangsNothing() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("cases/pipe.npz").toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThat(segment(folder.resolve("cases"), "-o", folder.resolve("out"), "-q"))
                .contains("pipe.npz: cannot be read or written (the case must be a regular file, got something else)");
        assertThat(folder.resolve("out/a.npz")).isRegularFile();
    }

    @Test
    void whatLiesWhereAPartWouldGoIsNotFollowed() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "keep");
        Files.createDirectories(folder.resolve("out"));
        Files.createSymbolicLink(folder.resolve("out/a.npz.part"), precious);

        segment(folder.resolve("cases"), "-o", folder.resolve("out"), "-q");
        assertThat(precious).hasContent("keep");
        assertThat(folder.resolve("out/a.npz")).isRegularFile();
    }

    @Test
    void controlCharactersOfNamesDoNotReachTheTerminal() throws IOException {
        Files.writeString(folder.resolve("cases/b\u001b[31m\u202e.npz"), "no npz");

        assertThat(segment(folder.resolve("cases"), "-o", folder.resolve("out"), "-q"))
                .contains("b\\u001b[31m\\u202e.npz:")
                .doesNotContain("\u001b", "\u202e");
    }

    @Test
    void namesThatAreNotUtf8AreRefused() {
        assertThatThrownBy(() -> CasePaths.requireReadable(Path.of("a\uFFFD.npz")))
                .hasMessageContaining("UTF-8");
        assertThatCode(() -> CasePaths.requireReadable(Path.of("Ä.npz"))).doesNotThrowAnyException();
    }

    /** What the command complains of. */
    private static String segment(Object... arguments) {
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        PrintStream err = System.err;
        System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
        try {
            String[] all = new String[arguments.length + 2];
            all[0] = "--models";
            all[1] = Scenes.ROOT.resolve("models/bundles").toString();
            for (int i = 0; i < arguments.length; i++) all[i + 2] = arguments[i].toString();
            SegmentCommand.run(all);
        } finally {
            System.setErr(err);
        }
        return complained.toString(StandardCharsets.UTF_8);
    }
}
