package org.medficientsam.imagefile.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts of images on disk, when their readers and when the process ends. */
class ScratchFilesTest {
    /** Makes one of each kind and ends without deleting them, as its argument says. */
    static final class Leaving {
        public static void main(String[] how) throws IOException {
            Files.write(ScratchFiles.file(".npz"), new byte[9]);
            Files.write(ScratchFiles.name(".npz"), new byte[9]);
            Files.write(ScratchFiles.folder().resolve("in.dcm"), new byte[9]);
            if (how[0].equals("returns")) return;
            if (how[0].equals("halts")) ScratchFiles.deleteAll();
            Runtime.getRuntime().halt(3);
        }
    }

    private static int leave(Path folder, String how) throws IOException, InterruptedException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Leaving.class.getName(),
                        how)
                .inheritIO()
                .start()
                .waitFor();
    }

    @ParameterizedTest
    @ValueSource(strings = {"returns", "halts"})
    void nothingIsLeftOfAProcessThatEnds(String how, @TempDir Path folder) throws IOException, InterruptedException {
        assertThat(leave(folder, how)).isEqualTo(how.equals("halts") ? 3 : 0);

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void withoutThatAHaltedProcessLeavesThem(@TempDir Path folder) throws IOException, InterruptedException {
        assertThat(leave(folder, "is killed")).isEqualTo(3);

        assertThat(folder.toFile().list()).hasSize(3);
    }

    @Test
    void aFolderGoesWithWhatIsInIt() throws IOException {
        Path folder = ScratchFiles.folder();
        Files.write(folder.resolve("in.dcm"), new byte[9]);

        ScratchFiles.delete(folder);
        ScratchFiles.delete(folder);

        assertThat(folder).doesNotExist();
    }
}
