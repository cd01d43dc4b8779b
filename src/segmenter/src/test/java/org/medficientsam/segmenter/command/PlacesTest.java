package org.medficientsam.segmenter.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.imagefile.ResultFile;
import org.medficientsam.imagefile.image.FileKind;
import org.medficientsam.imagefile.image.ImageForm;
import org.medficientsam.imagefile.image.VoxelGrid;
import org.medficientsam.segmenter.Scenes;

/** Where a command reads and writes is looked at before the model runs, and nothing is lost, waited for or mistaken there. */
class PlacesTest {
    private static final Path XRAY = Scenes.ROOT.resolve("src/samples/files/xray.png");
    private static final Path SAMPLE = Scenes.ROOT.resolve("src/samples/2D_sample_lesion.npz");

    private final Path folder;

    @RegisterExtension
    private final CommandConsole console = new CommandConsole();

    PlacesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private void assertUsage(String said, Object... arguments) {
        assertThat(console.segment(arguments)).isEqualTo(2);
        assertThat(console.complained()).contains(said).doesNotContain("Exception");
    }

    private Path cases() throws IOException {
        Path cases = Files.createDirectories(folder.resolve("in"));
        Files.copy(SAMPLE, cases.resolve("a.npz"));
        return cases;
    }

    @Test
    void anEmptyNameIsNotTheWorkingDirectory() {
        assertUsage("input must be a file or a folder, got an empty name", "", "-o", folder.resolve("out"), "--whole");
    }

    @Test
    void anEmptyOutputIsNotTheWorkingDirectory() throws IOException {
        assertUsage("output must be a file or a folder, got an empty name", cases(), "-o", "");
    }

    @Test
    void anOverlayDoesNotTakeTheLabelMapsPlace() {
        Path output = folder.resolve("a.png");
        assertUsage("overlay must not be the output", XRAY, "-o", output, "--overlay", output, "--whole");
    }

    @Test
    void overlaysOfAFolderDoNotTakeTheLabelMapsPlace() throws IOException {
        Path output = folder.resolve("out");
        assertUsage("overlay must not be the output", cases(), "-o", output, "--overlay", output);
    }

    @Test
    void anOverlayIsAPng() {
        assertUsage(
                "overlay must be named .png, got another ending",
                XRAY,
                "-o",
                folder.resolve("a.png"),
                "--overlay",
                folder.resolve("b.jpg"),
                "--whole");
    }

    @Test
    void aFolderBelowAFileIsToldAtOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertUsage("output must lie in a folder that can be written", cases(), "-o", file.resolve("out"));
    }

    @Test
    void boxesThatAreNotThereAreToldAtOnce() {
        assertUsage("which does not exist", XRAY, "-o", folder.resolve("a.png"), "--boxes", folder.resolve("b.csv"));
    }

    @Test
    void labelsThatAreNotThereAreToldAtOnce() {
        assertUsage(
                "which does not exist", XRAY, "-o", folder.resolve("a.png"), "--boxes-from", folder.resolve("b.png"));
    }

    @Test
    void aVolumeIsNotSegmentedForAFormOfOneSlice() throws IOException {
        Path input = folder.resolve("ct.nii.gz");
        write(input, 1);

        assertThat(console.segment(input, "-o", folder.resolve("a.png"), "--whole", "--model", "nano"))
                .isEqualTo(1);

        assertThat(console.complained())
                .isEqualTo(
                        "ct.nii.gz: output must be named .nii.gz, .nii or .npz for a volume, got .png, which holds one"
                                + " slice" + System.lineSeparator());
    }

    @Test
    void whatIsSaidBesideLabelsIsNotTakenForThem() throws IOException {
        write(folder.resolve("in/sub-01_0000.nii.gz"), 1);
        write(folder.resolve("labels/sub-01.nii.gz"), 1);
        Files.writeString(folder.resolve("labels/sub-01.json"), "{\"EchoTime\": 1}");

        int code = console.segment(
                folder.resolve("in"),
                "-o",
                folder.resolve("out"),
                "--boxes-from",
                folder.resolve("labels"),
                "--model",
                "nano",
                "-q");

        assertThat(code).as(console.complained()).isZero();
    }

    @Test
    void labelsOfAnotherUidAreNotTakenForThoseOfTheImage() throws IOException {
        write(folder.resolve("in/1.2.840.7"), 1);
        write(folder.resolve("labels/1.2.840.8"), 1);

        int code = console.segment(
                folder.resolve("in"), "-o", folder.resolve("out"), "--boxes-from", folder.resolve("labels"), "-q");

        assertThat(code).isEqualTo(1);
        assertThat(console.complained()).contains("1.2.840.7: labels must be in one file named as the image, got none");
    }

    @Test
    void whatMacOsPutsBesideFilesIsNoCase() throws IOException {
        Files.write(cases().resolve("._a.npz"), new byte[] {0, 5, 0x16, 7, 0, 2, 0, 0});

        assertThat(console.segment(folder.resolve("in"), "-o", folder.resolve("out"), "--model", "nano", "-q"))
                .as(console.complained())
                .isZero();
    }

    @Test
    void aFolderNamedAsALabelMapIsNotTakenForOne() throws IOException {
        Files.createDirectories(folder.resolve("out/a.npz"));

        int code = console.segment(cases(), "-o", folder.resolve("out"), "--model", "nano", "-q", "--resume");

        assertThat(code).isEqualTo(1);
        assertThat(console.complained()).contains("a.npz: cannot be read or written (only a regular file is replaced");
    }

    @Test
    void aPipeNamedAsTheLogHangsNothing() throws Exception {
        Path out = Files.createDirectories(folder.resolve("out"));
        assertThat(new ProcessBuilder("mkfifo", out.resolve("cases.csv").toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThat(console.segment(cases(), "-o", out, "--model", "nano", "-q", "--resume"))
                .isEqualTo(1);

        assertThat(console.complained()).contains("the log cannot be written (cases.csv must be a regular file)");
    }

    @Test
    void reasonsDoNotRepeatPaths() throws IOException {
        Files.createSymbolicLink(cases().resolve("gone.png"), folder.resolve("nowhere.png"));

        console.segment(folder.resolve("in"), "-o", folder.resolve("out"), "--model", "nano", "-q", "--whole");

        assertThat(console.complained())
                .contains("gone.png: cannot be read or written (there is no such file or folder)")
                .doesNotContain(folder.toString());
    }

    /** A volume whose middle has a label. */
    private static void write(Path file, int label) throws IOException {
        short[] map = new short[4 * 32 * 32];
        for (int i = 0; i < map.length; i++) map[i] = (short) (i % 32 / 8 == 1 && i / 32 % 32 / 8 == 1 ? label : 0);
        Path written = file.resolveSibling(file.getFileName() + ".nii.gz");
        ResultFile.write(
                written,
                LabelMap.adopt(map, 4, 32, 32, true),
                new ImageForm(FileKind.NIFTI, VoxelGrid.plain(32, 32, 4), false, Optional.empty()));
        Files.move(written, file);
    }
}
