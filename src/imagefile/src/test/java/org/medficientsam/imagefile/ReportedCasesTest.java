package org.medficientsam.imagefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/** Inputs of users of other tools, as they were reported to those; all show the same disc on noise. */
class ReportedCasesTest {
    private static final CaseFile GOOD = read("n38_good").caseFile();

    private static PreparedCase read(String name) {
        return read(name, IntensityWindow.AUTO);
    }

    private static PreparedCase read(String name, IntensityWindow window) {
        return ImageFiles.readCase(Resources.bytes("cases/" + name + ".npz"), window, Limits.DEFAULT);
    }

    private static RawImage picture(String name) throws Exception {
        return ImageFiles.read(Resources.bytes("cases/" + name), name, ReadLimits.DEFAULT)
                .raw();
    }

    @ParameterizedTest
    @CsvSource({"n03_grey_hw1", "n07_float32_whole_0_255", "n27_spacing_of_two_on_an_image", "n28_spacing_none"})
    void anotherWayToStoreTheSameImageIsTheSameCase(String name) {
        PreparedCase read = read(name);
        assertThat(read.window().isAsStored()).isTrue();
        assertThat(read.caseFile().image().data()).isEqualTo(GOOD.image().data());
        assertThat(read.caseFile().boxes()).isEqualTo(GOOD.boxes());
    }

    @Test
    void twelveBitsAreSpreadOverEight() {
        PreparedCase read = read("n06_xray_uint16_12bit");
        // NumPy: percentiles 0.5 and 99.5 of the non-zero values; the values are sixteen times those of the good case.
        assertThat(read.window()).hasToString("percentile, 640 to 3264");
        byte[] data = read.caseFile().image().data();
        byte[] good = GOOD.image().data();
        for (int i = 0; i < data.length; i++) {
            int expected = Math.min(Math.max((16 * (good[i] & 0xff) - 640) * 255 / (3264 - 640), 0), 255);
            assertThat(data[i] & 0xff).isEqualTo(expected);
        }
    }

    @Test
    void hounsfieldUnitsGoThroughTheSoftTissueWindowUnlessAnotherIsAskedFor() {
        NpyArray stored = Resources.npz("cases/n02_ct_int16_hu.npz").get("imgs");
        PreparedCase read = read("n02_ct_int16_hu");
        assertThat(read.window()).hasToString("ct-soft, -160 to 240");
        byte[] data = read.caseFile().image().data();
        for (int i = 0; i < data.length; i++)
            assertThat(data[i] & 0xff).isEqualTo((int) Math.min(Math.max((stored.at(i) + 160) * 255 / 400, 0), 255));
        PreparedCase bone = read("n02_ct_int16_hu", IntensityWindow.parse("ct-bone"));
        assertThat(bone.window()).hasToString("ct-bone, -500 to 1300");
    }

    @Test
    void boxesOfTheChallengeOf2025AreRead() {
        assertThat(read("CT_n30_cvpr25_box_dicts").caseFile().boxes())
                .isEqualTo(List.of(new Box3D(30, 20, 4, 79, 69, 15)));
    }

    static List<Path> boxDicts() {
        try (Stream<Path> files = Files.list(Resources.path("boxes"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Pickled by Python in protocols 3 to 5, see create_files.py. */
    @ParameterizedTest
    @MethodSource("boxDicts")
    void boxDictsAreReadOrRefusedButNeverLoaded(Path file) throws Exception {
        byte[] npz = Files.readAllBytes(file);
        String name = String.valueOf(file.getFileName());
        if (name.startsWith("bad_")) {
            assertThatThrownBy(() -> ImageFiles.readCase(npz, IntensityWindow.AUTO, Limits.DEFAULT))
                    .isInstanceOf(InvalidCaseException.class)
                    .hasMessageStartingWith("boxes must be ");
            return;
        }
        Box3D first = new Box3D(3, 2, 1, 300, 6, 2);
        Box3D second = new Box3D(name.startsWith("uint16") ? 4 : 0, 2, 1, 300, 6, 2);
        assertThat(ImageFiles.readCase(npz, IntensityWindow.AUTO, Limits.DEFAULT)
                        .caseFile()
                        .boxes())
                .isEqualTo(name.startsWith("one") ? List.of(first) : List.of(first, second));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n08_fluorescence_5_channels | imgs must be (H, W) or (H, W, 3) as boxes are (N, 4), without an empty axis, got (96, 128, 5)",
                "n14_box4_on_a_volume | boxes must be (N, 6) as imgs (20, 96, 128) is a volume, got (1, 4)",
                "n15_box6_on_rgb_image | imgs must be (D, H, W) or (D, H, W, 3) as boxes are (N, 6), got (96, 128, 3), an RGB image, whose boxes are (N, 4)",
                "CT_n31_cvpr25_clicks_only | boxes must be given, one around each object, as clicks are not supported, got only imgs, clicks, clicks_order, spacing, prev_pred",
                "n34_other_names | imgs must be an array in the npz, got only image, bbox",
            })
    void whatCannotBeMeantIsRefusedWithWhatCould(String name, String message) {
        assertThatThrownBy(() -> read(name))
                .isInstanceOf(InvalidCaseException.class)
                .hasMessage(message);
    }

    @Test
    void aGreyPngIsNotGammaConverted() throws Exception {
        RawImage ramp = picture("p01_images_ramp.png");
        for (int x = 0; x < 20; x++) assertThat(ramp.value(x, 0, 0, 0)).isEqualTo(2 * x);
        assertThat(ramp.channels()).isEqualTo(1);
    }

    @Test
    void sixteenBitsStaySixteen() throws Exception {
        RawImage xray = picture("p02_images_xray.png");
        double highest = 0;
        for (int x = 0; x < 128; x++) highest = Math.max(highest, xray.value(x, 0, 0, 0));
        assertThat(highest).isEqualTo(4064);
    }

    @Test
    void aMaskInTheAlphaChannelIsTheMask() throws Exception {
        LabelImage labels = LabelImage.of(picture("p05_masks_m.png"));
        assertThat(labels.ids()).containsExactly(255);
        assertThat(labels.boxes().numbers()).containsExactly(20, 20, 59, 59);
        assertThat(labels.map().get(0, 30, 30)).isEqualTo(1);
        assertThat(labels.map().get(0, 5, 5)).isZero();
    }

    @Test
    void aMaskOf0And255IsOneLabel() throws Exception {
        LabelImage labels = LabelImage.of(picture("p03_mask_1.png"));
        assertThat(labels.ids()).containsExactly(255);
        assertThat(labels.boxes().numbers()).containsExactly(80, 50, 109, 79);
    }

    @Test
    void cmykBecomesTheColoursThatPillowMakesOfIt() throws Exception {
        RawImage cmyk = picture("p07_images_cmyk.jpg");
        double[] sums = new double[3];
        for (int y = 0; y < 96; y++)
            for (int x = 0; x < 128; x++) for (int c = 0; c < 3; c++) sums[c] += cmyk.value(x, y, 0, c) / (96 * 128);
        // Pillow 13.0.0, convert("RGB"): means of red, green and blue.
        assertThat(sums).containsExactly(new double[] {72.83325, 68.61092, 65.68848}, within(0.01));
    }
}
