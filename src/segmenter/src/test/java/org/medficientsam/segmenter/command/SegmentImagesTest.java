package org.medficientsam.segmenter.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.casefile.Box;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.imagefile.ImageFiles;
import org.medficientsam.imagefile.LabelImage;
import org.medficientsam.imagefile.ResultFile;
import org.medficientsam.imagefile.image.Affine;
import org.medficientsam.imagefile.image.FileKind;
import org.medficientsam.imagefile.image.ImageForm;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.image.VoxelGrid;
import org.medficientsam.segmenter.Scenes;

/** Images of other forms than npz through the command. */
class SegmentImagesTest {
    private final Path folder;

    @RegisterExtension
    private final CommandConsole console = new CommandConsole();

    SegmentImagesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** The disc of a scene as a grey PNG, twice as bright and in 16 bits. */
    private Path writePng(String name, ImageArray image) throws IOException {
        BufferedImage picture = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_USHORT_GRAY);
        for (int i = 0; i < image.data().length; i++)
            picture.getRaster().setSample(i % image.width(), i / image.width(), 0, (image.data()[i] & 0xff) * 16);
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(picture, "png", file.toFile());
        return file;
    }

    @Test
    void aPictureOf16BitsBecomesAPictureOfLabels() throws IOException {
        CaseFile disc = Scenes.discs(120, 160, 1, 60, 60, 30);
        Box box = disc.boxes().get(0);
        Path input = writePng("xray.png", disc.image());
        Path output = folder.resolve("labels.png");

        int code = console.segment(
                input,
                "-o",
                output,
                "--model",
                "nano",
                "--box",
                "%s,%s,%s,%s".formatted(box.xMin(), box.yMin(), box.xMax(), box.yMax()));

        assertThat(console.complained()).isEmpty();
        assertThat(code).isZero();
        assertThat(console.printed()).startsWith("xray.png: window percentile, ");
        BufferedImage labels = ImageIO.read(output.toFile());
        assertThat(labels.getRaster().getSample(60, 60, 0)).isEqualTo(1);
        assertThat(labels.getRaster().getSample(5, 5, 0)).isZero();
    }

    @Test
    void aFolderOfPicturesFindsItsBoxesInATable() throws IOException {
        writePng("in/a.png", Scenes.discs(60, 60, 1, 30, 30, 12).image());
        writePng("in/b.png", Scenes.discs(60, 60, 1, 20, 30, 12).image());
        writePng("in/c.png", Scenes.discs(60, 60, 1, 20, 30, 12).image());
        Path table = Files.writeString(
                folder.resolve("boxes.csv"), "image,x_min,y_min,x_max,y_max\na.png,18,18,42,42\nb.png,8,18,32,42\n");

        int code = console.segment(
                folder.resolve("in"), "-o", folder.resolve("out"), "--boxes", table, "--model", "nano", "-q");

        assertThat(code).isEqualTo(1);
        assertThat(console.complained())
                .isEqualTo("c.png: boxes must be at least one of this image, by its file's name, got none"
                        + System.lineSeparator());
        assertThat(ImageIO.read(folder.resolve("out/b.png").toFile())
                        .getRaster()
                        .getSample(20, 30, 0))
                .isEqualTo(1);
    }

    @Test
    void theFirstCommandsOfTheReadmeFindTheirObjects() throws IOException {
        Path files = Scenes.ROOT.resolve("src/samples/files");
        Path liver = folder.resolve("liver.nii.gz");
        Path lung = folder.resolve("labels.png");

        assertThat(console.segment(
                        files.resolve("ct.nii.gz"),
                        "--box",
                        "25,34,3,65,66,15",
                        "--window",
                        "40,400",
                        "-o",
                        liver,
                        "-q"))
                .isZero();
        assertThat(console.segment(files.resolve("xray.png"), "--box", "44,42,116,158", "-o", lung))
                .isZero();

        // The ellipsoids' voxels by their formulas in create_files.py: 8733 and 6553, give or take what their edges are
        // worth.
        assertThat(count(ImageFiles.readLabels(liver, ReadLimits.LOCAL).map())).isBetween(8000L, 9400L);
        assertThat(count(ImageFiles.readLabels(lung, ReadLimits.LOCAL).map())).isBetween(6200L, 6900L);
    }

    private static long count(LabelMap labels) {
        long count = 0;
        for (short label : labels.labels()) if (label != 0) count++;
        return count;
    }

    @Test
    void aVolumeWithoutBoxesIsToldHowToGiveThem() throws IOException {
        Path input = folder.resolve("ct.nii.gz");
        ResultFile.write(input, LabelMap.adopt(new short[60], 5, 4, 3, true), volumeForm());

        assertThat(console.segment(input, "-o", folder.resolve("segs.nii.gz"))).isEqualTo(1);

        assertThat(console.complained())
                .isEqualTo("ct.nii.gz: boxes must be given by --box, --boxes, --boxes-from or --whole, got none"
                        + System.lineSeparator());
    }

    @Test
    void aVolumeComesBackOnItsOwnGridWithBoxesFromOtherLabels() throws IOException {
        ImageArray ball = Scenes.balls(7, 64, 64, 1, 32, 32, 3, 12).image();
        short[] grey = new short[ball.data().length];
        short[] mask = new short[grey.length];
        for (int i = 0; i < grey.length; i++) {
            grey[i] = (short) (ball.data()[i] & 0xff);
            int x = i % 64 - 32;
            int y = i / 64 % 64 - 32;
            mask[i] = (short) (x * x + y * y <= 144 && Math.abs(i / 4096 - 3) <= 2 ? 7 : 0);
        }
        Affine affine = Affine.of(-0.8, 0, 0, 20, 0, 0.7, 0.3, -5, 0, -0.3, 3, 9);
        ImageForm form =
                new ImageForm(FileKind.NIFTI, VoxelGrid.placed(new int[] {64, 64, 7}, affine), false, Optional.empty());
        ResultFile.write(folder.resolve("in/ball_0000.nii.gz"), LabelMap.adopt(grey, 7, 64, 64, true), form);
        ResultFile.write(folder.resolve("labels/ball.nii.gz"), LabelMap.adopt(mask, 7, 64, 64, true), form);

        int code = console.segment(
                folder.resolve("in"), "-o", folder.resolve("out"), "--boxes-from", folder.resolve("labels"), "-q");

        assertThat(console.complained()).isEmpty();
        assertThat(code).isZero();
        LabelImage segs = ImageFiles.readLabels(folder.resolve("out/ball_0000.nii.gz"), ReadLimits.LOCAL);
        assertThat(segs.ids()).containsExactly(1);
        assertThat(segs.map().get(3, 32, 32)).isEqualTo(1);
        for (int row = 0; row < 3; row++)
            for (int column = 0; column < 4; column++)
                assertThat(segs.form().grid().affine().orElseThrow().get(row, column))
                        .isCloseTo(affine.get(row, column), within(1e-6));
    }

    @Test
    void labelsThatLieElsewhereInThePatientGiveNoBoxes() throws IOException {
        LabelMap map = LabelMap.adopt(new short[] {0, 0, 0, 7, 0, 0, 0, 0}, 2, 2, 2, true);
        Affine here = Affine.of(-1, 0, 0, 20, 0, 1, 0, -5, 0, 0, 3, 9);
        Affine mirrored = Affine.of(1, 0, 0, 19, 0, 1, 0, -5, 0, 0, 3, 9);
        Affine rounded = Affine.of(-1, 0, 0, 20.001, 0, 1, 0, -5, 0, 1e-4, 3, 9);
        Path image = folder.resolve("ct.nii.gz");
        Path labels = folder.resolve("labels.nii.gz");
        ResultFile.write(image, map, placed(here));
        ResultFile.write(labels, map, placed(mirrored));

        assertThat(console.segment(image, "-o", folder.resolve("segs.nii.gz"), "--boxes-from", labels))
                .isEqualTo(1);
        assertThat(console.complained())
                .isEqualTo("ct.nii.gz: labels must be voxel for voxel where the image is (resample them to its grid), "
                        + "got others up to 1.0 mm away" + System.lineSeparator());

        ResultFile.write(labels, map, placed(rounded));
        assertThat(console.segment(image, "-o", folder.resolve("segs.nii.gz"), "--boxes-from", labels, "-q"))
                .isZero();
    }

    @Test
    void aLargeFileShowsHowFarItHasBeenRead() throws IOException {
        Path file = folder.resolve("large.nii");
        VoxelGrid grid = VoxelGrid.plain(512, 512, 144);
        ResultFile.write(
                file,
                LabelMap.adopt(new short[grid.voxels()], 144, 512, 512, true),
                new ImageForm(FileKind.NIFTI, grid, false, Optional.empty()));

        int code = console.segment(
                file, "-o", folder.resolve("segs.nii.gz"), "--model", "nano", "--box", "20,20,3,40,40,3");

        assertThat(code).as(console.complained()).isZero();
        assertThat(console.complained()).contains("MiB read", "1/1 slices");
    }

    private static ImageForm placed(Affine affine) {
        return new ImageForm(FileKind.NIFTI, VoxelGrid.placed(new int[] {2, 2, 2}, affine), false, Optional.empty());
    }

    private static ImageForm volumeForm() {
        return new ImageForm(FileKind.NIFTI, VoxelGrid.plain(3, 4, 5), false, Optional.empty());
    }

    /** Three slices as uncompressed DICOM that says no more than it has to. */
    private Path series(String name) throws IOException {
        Path series = Files.createDirectories(folder.resolve(name));
        ImageArray disc = Scenes.discs(48, 64, 1, 32, 24, 12).image();
        for (int k = 0; k < 3; k++) {
            ByteBuffer file = ByteBuffer.allocate(48 * 64 + 1024).order(ByteOrder.LITTLE_ENDIAN);
            file.position(128);
            file.put("DICM".getBytes(US_ASCII));
            element(file, 0x00020010, "UI", "1.2.840.10008.1.2.1\0".getBytes(US_ASCII));
            element(file, 0x0020000E, "UI", "1.2.3\0".getBytes(US_ASCII));
            element(file, 0x00200032, "DS", "0\\0\\%d ".formatted(5 * k).getBytes(US_ASCII));
            element(file, 0x00200037, "DS", "1\\0\\0\\0\\1\\0 ".getBytes(US_ASCII));
            element(file, 0x00280002, "US", new byte[] {1, 0});
            element(file, 0x00280004, "CS", "MONOCHROME2 ".getBytes(US_ASCII));
            element(file, 0x00280010, "US", new byte[] {48, 0});
            element(file, 0x00280011, "US", new byte[] {64, 0});
            element(file, 0x00280030, "DS", "1\\1 ".getBytes(US_ASCII));
            element(file, 0x00280100, "US", new byte[] {8, 0});
            element(file, 0x00280101, "US", new byte[] {8, 0});
            element(file, 0x00280102, "US", new byte[] {7, 0});
            element(file, 0x00280103, "US", new byte[] {0, 0});
            file.putShort((short) 0x7FE0).putShort((short) 0x0010);
            file.put("OB\0\0".getBytes(US_ASCII)).putInt(48 * 64);
            for (int i = 0; i < 48 * 64; i++) file.put(disc.data()[i * disc.channels()]);
            Files.write(series.resolve("IM" + (9 - k)), Arrays.copyOf(file.array(), file.position()));
        }
        return series;
    }

    private static void element(ByteBuffer file, int tag, String type, byte[] value) {
        file.putShort((short) (tag >> 16)).putShort((short) tag);
        file.put(type.getBytes(US_ASCII)).putShort((short) value.length).put(value);
    }

    @Test
    void aFolderOfASeriesBecomesOneLabelMap() throws IOException {
        Path output = folder.resolve("liver.nii.gz");

        int code = console.segment(series("ct"), "-o", output, "--model", "nano", "--box", "20,12,0,44,36,2", "-q");

        assertThat(console.complained()).isEmpty();
        assertThat(code).isZero();
        LabelImage labels = ImageFiles.readLabels(output, ReadLimits.LOCAL);
        assertThat(labels.form().grid().toString()).isEqualTo("(64, 48, 3)");
        assertThat(labels.ids()).containsExactly(1);
        assertThat(labels.form().grid().spacing().orElseThrow().z()).isEqualTo(5);
    }

    @Test
    void aSeriesIsNotAnsweredSliceBySliceWhereAFileWasAskedFor() throws IOException {
        Path input = series("ct");

        int code = console.segment(input, "-o", folder.resolve("seg.dcm"), "--model", "nano", "--whole", "-q");

        assertThat(code).isEqualTo(2);
        assertThat(console.complained()).contains("got .dcm, which is not written; NIfTI lies where the series does");
        assertThat(folder.resolve("seg.dcm")).doesNotExist();
    }

    @Test
    void aFolderOfSeriesAsksForOneOfThem() throws IOException {
        series("study/ct");

        int code = console.segment(
                folder.resolve("study"), "-o", folder.resolve("a.nii.gz"), "--model", "nano", "--whole");

        assertThat(code).isEqualTo(2);
        assertThat(console.complained())
                .contains("of a DICOM series, the input is the folder that holds its files itself");
    }
}
