package org.medficientsam.imagefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.Spacing;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.imagefile.boxes.DrawnBoxes;
import org.medficientsam.imagefile.image.Affine;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/**
 * The asymmetric object of create_files.py in all 48 orientations of a file, made by nibabel: whichever axis is cut into slices,
 * a label map made from the slices lies on the file's own voxels, under the file's own affine, and so at the same millimetres.
 */
class OrientationTest {
    private static final Npz FILES = Resources.npz("orientations.npz");

    static List<String> orientations() {
        List<String> names = new ArrayList<>(FILES.names());
        assertThat(names).hasSize(48);
        return names;
    }

    @ParameterizedTest
    @MethodSource("orientations")
    void labelsComeBackVoxelForVoxel(String orientation) throws Exception {
        byte[] file = FILES.get(orientation).uint8();
        MedicalImage image = ImageFiles.read(file, "", ReadLimits.DEFAULT);
        ImageArray slices = image.toCase(image.whole(), IntensityWindow.AUTO, Limits.DEFAULT)
                .caseFile()
                .image();
        assertThat(slices.depth()).as("slices along the axis of 4 mm").isEqualTo(4);
        short[] labels = new short[slices.data().length];
        for (int i = 0; i < labels.length; i++) labels[i] = (short) (slices.data()[i] & 0xff);

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ResultFile.NIFTI.write(
                out, LabelMap.adopt(labels, slices.depth(), slices.height(), slices.width(), true), image.form());
        byte[] written = out.toByteArray();

        // All values, and all of the header that says where they lie, are the file's own.
        assertThat(Arrays.copyOfRange(written, 352, written.length))
                .isEqualTo(Arrays.copyOfRange(file, 352, file.length));
        assertThat(Arrays.copyOfRange(written, 252, 328)).isEqualTo(Arrays.copyOfRange(file, 252, 328));
        assertThat(Arrays.copyOfRange(written, 40, 56)).isEqualTo(Arrays.copyOfRange(file, 40, 56));
        assertThat(Arrays.copyOfRange(written, 76, 108)).isEqualTo(Arrays.copyOfRange(file, 76, 108));
    }

    @ParameterizedTest
    @MethodSource("orientations")
    void aBoxInVoxelsOfTheFileHoldsTheSameVoxelInTheCase(String orientation) throws Exception {
        byte[] file = FILES.get(orientation).uint8();
        MedicalImage image = ImageFiles.read(file, "", ReadLimits.DEFAULT);
        int[] brightest = find(image.raw(), 90);
        double[] box = {brightest[0], brightest[1], brightest[2], brightest[0], brightest[1], brightest[2]};
        PreparedCase prepared = image.toCase(DrawnBoxes.of(List.of(box)), IntensityWindow.AUTO, Limits.DEFAULT);
        Box3D inCase = (Box3D) prepared.caseFile().boxes().get(0);
        ImageArray slices = prepared.caseFile().image();
        int index =
                (((int) inCase.zMin() * slices.height()) + (int) inCase.yMin()) * slices.width() + (int) inCase.xMin();
        assertThat(slices.data()[index] & 0xff).isEqualTo(90);
        assertThat(prepared.caseFile().spacing().map(Spacing::z))
                .hasValueSatisfying(z -> assertThat(z).isEqualTo(4));
    }

    @ParameterizedTest
    @MethodSource("orientations")
    void aBoxInMillimetresIsTheSameVoxelInEveryOrientation(String orientation) throws Exception {
        MedicalImage image = ImageFiles.read(FILES.get(orientation).uint8(), "", ReadLimits.DEFAULT);
        // The voxel of 90 is (1, 1, 3) of the array that all were made from; its affine is 1, 1.5, 4 mm from (-3, 20,
        // 7).
        double[] millimetres = {-2.1, 21.4, 18.9, -1.9, 21.6, 19.1};
        double[] voxels =
                image.fromMillimetres(DrawnBoxes.of(List.of(millimetres))).numbers();
        int[] found = find(image.raw(), 90);
        for (int axis = 0; axis < 3; axis++)
            assertThat((voxels[axis] + voxels[3 + axis]) / 2).isCloseTo(found[axis], within(1e-3));
        Affine affine = image.raw().grid().affine().orElseThrow();
        assertThat(affine.apply(found[0], found[1], found[2]))
                .containsExactly(new double[] {-2, 21.5, 19}, within(1e-5));
    }

    private static int[] find(RawImage image, double value) {
        for (int k = 0; k < image.grid().size(2); k++)
            for (int j = 0; j < image.grid().size(1); j++)
                for (int i = 0; i < image.grid().size(0); i++)
                    if (image.value(i, j, k, 0) == value) return new int[] {i, j, k};
        throw new AssertionError("no voxel of " + value);
    }
}
