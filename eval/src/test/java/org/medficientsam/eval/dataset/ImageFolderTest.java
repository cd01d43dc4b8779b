package org.medficientsam.eval.dataset;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.casefile.Box2D;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.Spacing;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.casefile.npz.Npz;

/** Folders as collections give them out, with the faults that users of peers reported. */
class ImageFolderTest {

    @TempDir
    private Path temp = Path.of("");

    private final List<String> warnings = new ArrayList<>();

    private Dataset open() throws IOException {
        return FolderLayout.auto(temp.resolve("set")).open(temp.resolve("generated"), warnings::add);
    }

    private Path file(String name) throws IOException {
        Path file = temp.resolve("set").resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return file;
    }

    private static BufferedImage grey(int x0, int y0, int value) {
        BufferedImage picture = new BufferedImage(24, 16, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 20; i++) picture.getRaster().setSample(x0 + i % 5, y0 + i / 5, 0, value);
        return picture;
    }

    private void png(String name, BufferedImage picture) throws IOException {
        ImageIO.write(picture, "png", file(name).toFile());
    }

    private static CaseFile read(DatasetCase each) throws IOException {
        return CaseNpz.read(each.image(), Limits.DEFAULT);
    }

    @Test
    void greyValuesAreThoseOfTheFile() throws IOException {
        BufferedImage ramp = new BufferedImage(128, 8, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 128 * 8; i++) ramp.getRaster().setSample(i % 128, i / 128, 0, 2 * (i % 128));
        BufferedImage mask = new BufferedImage(128, 8, BufferedImage.TYPE_BYTE_GRAY);
        mask.getRaster().setSample(9, 3, 0, 255);
        png("images/2D_US_ramp.png", ramp);
        png("masks/2D_US_ramp.png", mask);

        CaseFile read = read(open().cases().get(0));

        for (int x = 0; x < 128; x++) {
            assertEquals(
                    2 * x,
                    Byte.toUnsignedInt(read.image().data()[x * read.image().channels()]));
        }
        assertEquals(List.of(new Box2D(9, 3, 9, 3)), read.boxes());
    }

    @Test
    void allMasksOfAPictureAreItsObjects() throws IOException {
        png("benign.png", grey(1, 1, 90));
        png("benign_mask.png", grey(2, 2, 255));
        png("benign_mask_1.png", grey(12, 9, 255));

        Dataset dataset = open();

        assertThat(dataset.names()).containsExactly("2D_unknown_benign.npz");
        assertEquals(
                List.of(new Box2D(2, 2, 6, 5), new Box2D(12, 9, 16, 12)),
                read(dataset.cases().get(0)).boxes());
    }

    @Test
    void whatIsLeftOutIsToldAgainWhenTheCasesAreThereAlready() throws IOException {
        png("images/a.png", grey(1, 1, 90));
        png("masks/a.png", grey(2, 2, 255));
        png("images/b.png", grey(1, 1, 90));
        open();
        assertThat(warnings).containsExactly("b.png is left out: no mask of its name");

        Dataset again = open();

        assertThat(warnings).hasSize(2).containsOnly("b.png is left out: no mask of its name");
        assertThat(Dataset.notes(again.folder())).containsExactly(warnings.get(0));
        assertThat(again.cases()).hasSize(1);
    }

    @Test
    void labelsOfAPictureThatAreTakenForOneObjectAreTold() throws IOException {
        BufferedImage mask = grey(2, 2, 7);
        mask.getRaster().setSample(20, 12, 0, 2);
        png("images/a.png", grey(1, 1, 90));
        png("masks/a.png", mask);

        Dataset dataset = open();

        assertThat(warnings)
                .containsExactly(
                        "a.png: its labels [2, 7] are taken for one object; --labels values takes each for one");
        assertEquals(
                List.of(new Box2D(2, 2, 20, 12)), read(dataset.cases().get(0)).boxes());
    }

    @Test
    void pairsOfMetaImagesAreCasesAsPairsOfNiftiAre() throws IOException {
        mha("imagesTr/liver_1_0000.mha", 90, 40);
        mha("labelsTr/liver_1.mha", 3, 0);

        DatasetCase only = open().cases().get(0);

        assertEquals("3D_unknown_liver_1_0000.npz", only.name());
        assertThat(read(only).boxes()).hasSize(1);
        assertThat(warnings).containsExactly("liver_1.mha: its labels [3] are numbered 1 to 1");
    }

    /** 6 x 5 x 4 voxels, an inner block of one value in another. */
    private void mha(String name, int inside, int outside) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write("ObjectType = Image\nNDims = 3\nDimSize = 6 5 4\nElementSpacing = 1 1 3\n".getBytes(US_ASCII));
        bytes.write("BinaryData = True\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n".getBytes(US_ASCII));
        for (int i = 0; i < 120; i++) {
            boolean in = i % 6 > 1 && i / 6 % 5 > 1 && i / 30 > 0;
            bytes.write(in ? inside : outside);
        }
        Files.write(file(name), bytes.toByteArray());
    }

    @Test
    void maskInTheAlphaChannelIsTheObject() throws IOException {
        BufferedImage mask = new BufferedImage(24, 16, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < 24 * 16; i++) {
            boolean inside = i % 24 >= 3 && i % 24 <= 7 && i / 24 >= 4 && i / 24 <= 6;
            mask.setRGB(i % 24, i / 24, inside ? 0xffffffff : 0x00ffffff);
        }
        png("images/a.png", grey(1, 1, 90));
        png("masks/a.png", mask);

        assertEquals(List.of(new Box2D(3, 4, 7, 6)), read(open().cases().get(0)).boxes());
    }

    @Test
    void whatCannotBeReadIsLeftOutByNameAndTheRestIsThere() throws IOException {
        png("images/good.png", grey(1, 1, 90));
        png("masks/good.png", grey(2, 2, 255));
        Files.writeString(file("images/broken.png"), "not a picture");
        png("masks/broken.png", grey(2, 2, 255));
        png("images/alone.png", grey(1, 1, 90));
        png("images/empty.png", grey(1, 1, 90));
        png("masks/empty.png", grey(2, 2, 0));
        png("images/small.png", grey(1, 1, 90));
        BufferedImage small = new BufferedImage(9, 9, BufferedImage.TYPE_BYTE_GRAY);
        small.getRaster().setSample(4, 4, 0, 255);
        png("masks/small.png", small);

        Dataset dataset = open();

        assertThat(dataset.names()).containsExactly("2D_unknown_good.npz");
        assertThat(warnings)
                .hasSize(4)
                .anyMatch(line -> line.startsWith("broken.png is left out: "))
                .contains("alone.png is left out: no mask of its name")
                .anyMatch(line -> line.startsWith("empty.png is left out: its mask empty.png: "))
                .anyMatch(line ->
                        line.startsWith("small.png is left out: its mask small.png must be of its shape, (24, 16, 1)"));
    }

    @Test
    void equalNamesInSubFoldersAreCasesOfTheirOwn() throws IOException {
        png("images/a/1.png", grey(1, 1, 90));
        png("images/b/1.png", grey(1, 1, 90));
        png("masks/a/1.png", grey(2, 2, 255));
        png("masks/b/1.png", grey(7, 7, 255));

        Dataset dataset = open();

        assertThat(dataset.names()).containsExactly("2D_unknown_a_1.npz", "2D_unknown_b_1.npz");
        assertEquals(
                List.of(new Box2D(2, 2, 6, 5)), read(dataset.cases().get(0)).boxes());
        assertEquals(
                List.of(new Box2D(7, 7, 11, 10)), read(dataset.cases().get(1)).boxes());
    }

    @Test
    void changedMaskMakesOtherCasesAndAnotherContent() throws IOException {
        png("images/a.png", grey(1, 1, 90));
        png("masks/a.png", grey(2, 2, 255));
        String before = open().content();
        assertEquals(before, open().content());

        png("masks/a.png", grey(7, 7, 255));
        Files.setLastModifiedTime(file("masks/a.png"), FileTime.fromMillis(1));

        assertThat(open().content()).isNotEqualTo(before);
    }

    @Test
    void masksHaveToBeSomewhere() throws IOException {
        png("a.png", grey(1, 1, 90));

        assertThatThrownBy(this::open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("masks must be in a folder");
    }

    /** nnU-Net's names; labels 2 and 7 of a volume of 5 (x) x 4 (y) x 3 (z) voxels of 1 x 2 x 5 mm. */
    @Test
    void niftiPairsBecomeVolumesWithSpacingAndLabelsWithoutGaps() throws IOException {
        short[] image = new short[60];
        short[] labels = new short[60];
        for (int i = 0; i < 60; i++) {
            image[i] = (short) (10 * i - 200);
        }
        labels[voxel(1, 2, 0)] = 2;
        labels[voxel(2, 2, 1)] = 2;
        labels[voxel(4, 3, 2)] = 7;
        Files.write(file("imagesTr/liver_1_0000.nii"), nifti(image, 0));
        Files.write(file("labelsTr/liver_1.nii"), nifti(labels, 0));

        Dataset dataset = open();

        assertThat(dataset.names()).containsExactly("3D_unknown_liver_1_0000.npz");
        CaseFile read = read(dataset.cases().get(0));
        assertThat(read.image().depth()).isEqualTo(3);
        assertThat(read.spacing()).contains(new Spacing(1, 2, 5));
        assertEquals(List.of(new Box3D(1, 2, 0, 2, 2, 1), new Box3D(4, 3, 2, 4, 3, 2)), read.boxes());
        int[] gts = Npz.read(dataset.cases().get(0).image(), Limits.DEFAULT, "gts")
                .get("gts")
                .toInts();
        assertEquals(1, gts[(0 * 4 + 2) * 5 + 1]);
        assertEquals(2, gts[(2 * 4 + 3) * 5 + 4]);
        assertThat(warnings).containsExactly("liver_1.nii: its labels [2, 7] are numbered 1 to 2");
    }

    @Test
    void maskThatLiesElsewhereInThePatientIsRefused() throws IOException {
        short[] labels = new short[60];
        labels[17] = 1;
        Files.write(file("imagesTr/a.nii"), nifti(new short[60], 0));
        Files.write(file("labelsTr/a.nii"), nifti(labels, 3));

        assertThatThrownBy(this::open).isInstanceOf(IllegalArgumentException.class);
        assertThat(warnings)
                .anyMatch(line -> line.contains("must lie where it does in the patient, but their affines differ"));
    }

    private static int voxel(int x, int y, int z) {
        return (z * 4 + y) * 5 + x;
    }

    /** A NIfTI-1 file by hand, int16, its first voxel at x = offset mm; fields as nifti1.h has them. */
    private static byte[] nifti(short[] voxels, float offset) {
        ByteBuffer file = ByteBuffer.allocate(352 + 2 * voxels.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0, 348);
        short[] dim = {3, 5, 4, 3, 1, 1, 1, 1};
        float[] pixdim = {1, 1, 2, 5, 0, 0, 0, 0};
        for (int i = 0; i < 8; i++) {
            file.putShort(40 + 2 * i, dim[i]);
            file.putFloat(76 + 4 * i, pixdim[i]);
        }
        file.putShort(70, (short) 4);
        file.putShort(72, (short) 16);
        file.putFloat(108, 352);
        file.putFloat(112, 1);
        file.put(123, (byte) 2);
        file.putShort(254, (short) 1);
        float[] srow = {1, 0, 0, offset, 0, 2, 0, 0, 0, 0, 5, 0};
        for (int i = 0; i < 12; i++) {
            file.putFloat(280 + 4 * i, srow[i]);
        }
        file.put(344, "n+1\0".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < voxels.length; i++) {
            file.putShort(352 + 2 * i, voxels[i]);
        }
        return file.array();
    }
}
