package org.medficientsam.function.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.function.SegmentationContract;

/** A volume on the page: the CT phantom of src/samples, whose organ is an ellipsoid round voxel (45, 50, 9). */
class VolumeIT extends InBrowser {
    private static final Path CT = SAMPLES.resolve("files/ct.nii.gz");

    private static final Path IMAGES = SegmentationContract.ROOT.resolve("src/imagefile/src/test/resources/files");

    @Test
    void scrolledBoxedAndDownloadedItEqualsTheCommandLinesFile() throws IOException, InterruptedException {
        arrive(WIDE);
        user().choose(CT);
        assertThat(browser().text("#slice-text")).isEqualTo("10 / 19");
        assertThat(browser().text("#edge-left") + browser().text("#edge-top"))
                .as("as radiologists look")
                .isEqualTo("RA");
        int[] middle = user().colour(45, 50);

        browser().wheel(user().screen(45, 50), -100);
        awaitSlice(9);
        browser().press(PageUser.HOME);
        awaitSlice(0);
        assertThat(user().colour(45, 50)).as("no organ on the first slice").isNotEqualTo(middle);
        browser().press(IntStream.range(0, 3).mapToObj(i -> PageUser.PAGE_UP).toArray(String[]::new));
        awaitSlice(3);
        browser().press("[");
        browser()
                .script(
                        "const s = document.querySelector('#slice'); s.value = 15; s.dispatchEvent(new Event('input'))");
        awaitSlice(15);
        browser().press("]");
        browser()
                .script("const s = document.querySelector('#slice'); s.value = 9; s.dispatchEvent(new Event('input'))");
        awaitSlice(9);
        int[] plain = user().colour(45, 50);
        user().draw("mouse", 25, 34, 65, 66);
        look("wide-box");
        browser().press(PageUser.ENTER);
        user().awaitLabels(1);

        int[] box = user().box();
        assertThat(box).containsExactly(25, 34, 3, 65, 66, 15);
        assertThat(user().colour(45, 50)).isNotEqualTo(plain);
        look("wide-volume");
        isAccessible();
        assertThat(browser().value("#format")).as("the form that came in").isEqualTo("nifti");
        Path downloaded = user().download("nifti");
        assertThat(downloaded.getFileName().toString()).isEqualTo("ct_labels.nii.gz");
        assertThat(Arrays.mismatch(Files.readAllBytes(downloaded), segmented(CT, box)))
                .as("first byte that differs")
                .isEqualTo(-1);
    }

    @Test
    void theBoxesOfANpzAreSegmentedAtOnce() throws IOException {
        arrive(WIDE);
        user().choose(SAMPLES.resolve("3D_sample_organs.npz"));
        user().awaitLabels(4);
        List<String> organs = List.of("Liver", "Right kidney", "Left kidney", "Aorta");
        for (int i = 0; i < organs.size(); i++) {
            String name = "#labels li:nth-child(" + (i + 1) + ") input[type=text]";
            browser().click(name);
            browser().chord(PageUser.CONTROL, "a");
            browser().type(name, organs.get(i) + PageUser.ENTER);
            assertThat(browser().value(name)).isEqualTo(organs.get(i));
        }
        browser().click("#labels li:nth-child(2) .size button");
        look("wide-organs");
        isAccessible();

        Npz phantom = Npz.read(SAMPLES.resolve("3D_sample_organs.npz"), Limits.DEFAULT);
        int[] truth = phantom.get("gts").toInts();
        int[] segs =
                Npz.read(user().download("npz"), Limits.DEFAULT).get("segs").toInts();
        assertThat(Arrays.stream(truth).filter(label -> label > 0).distinct()).hasSize(4);
        for (int label :
                Arrays.stream(truth).filter(label -> label > 0).distinct().toArray()) {
            assertThat(dice(truth, segs, label)).as("DSC of organ %d", label).isGreaterThan(0.8);
        }
    }

    private static double dice(int[] truth, int[] segs, int label) {
        long both = IntStream.range(0, truth.length)
                .filter(i -> truth[i] == label && segs[i] == label)
                .count();
        long either = Arrays.stream(truth).filter(x -> x == label).count()
                + Arrays.stream(segs).filter(x -> x == label).count();
        return 2.0 * both / either;
    }

    @Test
    void onANarrowScreenFingersAndButtonsAreEnough() throws IOException {
        arrive(NARROW);
        user().choose(CT);
        user().draw("touch", 25, 34, 65, 66);
        look("narrow-box");
        isAccessible();

        browser().click("#ready-segment");
        user().awaitLabels(1);

        assertThat(browser().text("#labels .size span")).contains("voxels", "ml");
        look("narrow-volume");
    }

    @Test
    void aFolderIsOneSeriesWhateverElseLiesInIt() throws IOException {
        Path series = Files.createDirectories(folder.resolve("series"));
        Files.copy(IMAGES.resolve("ct_explicit.dcm"), series.resolve("slice.dcm"));
        Files.writeString(series.resolve(".hidden"), "no image");
        Files.writeString(series.resolve("Thumbs.db"), "no image");
        arrive(WIDE);

        browser().type("#folder", series.toString());
        user().awaitImage();

        assertThat(browser().text("#error-text")).isEmpty();
        assertThat(browser().text("#what")).startsWith("slice.dcm ");
    }

    @Test
    void theWindowIsWhatTheNetworkSees() {
        arrive(WIDE);
        user().choose(CT);
        int[] soft = user().colour(45, 50);

        choose("#window", "ct-bone");
        browser().await("document.querySelector('#centre').value === '400'");
        Browser.pause(600);
        int[] bone = user().colour(45, 50);
        assertThat(bone[0]).as("70 HU is dark where bone is looked for").isLessThan(soft[0]);
        browser().drag("mouse", 2, user().screen(100, 50), user().screen(60, 50));
        browser().await("document.querySelector('#window').value === 'own'");
        assertThat(Double.parseDouble(browser().value("#width"))).isLessThan(1800);
    }

    @Test
    void aLabelOfAnotherWindowCanBeBroughtUpToDate() throws IOException {
        arrive(WIDE);
        user().choose(CT);
        user().draw("mouse", 25, 34, 65, 66);
        browser().press(PageUser.ENTER);
        user().awaitLabels(1);

        choose("#window", "ct-bone");
        browser().await("!document.querySelector('#ready').hidden");

        assertThat(browser().text("#ready-segment")).isEqualTo("Update mask");
        look("wide-update");
        browser().click("#segment");
        browser().await("document.querySelector('#ready').hidden");
    }

    @Test
    void aLongVolumeShowsItsProgressAndStopsWhenItIsTold() throws IOException {
        Path deep = deepVolume();
        arrive(WIDE);
        user().choose(deep);
        browser().press("b", PageUser.HOME, "[", "\uE010", "]", PageUser.ENTER);
        browser().await("document.querySelector('#progress').value > 0");
        look("wide-progress");

        browser().click("#cancel");

        browser().await("document.querySelector('#busy').hidden");
        awaitMetric("medficientsam_running", 0);
        assertThat(browser()
                        .script("return document.querySelectorAll('#labels > li').length")
                        .asInt())
                .isZero();
        assertThat(browser()
                        .script("return document.querySelector('#segment').disabled")
                        .asBoolean())
                .as("it can be asked again")
                .isFalse();
    }

    @Test
    void aTabClosedInTheMiddleFreesImageAndTurn() throws IOException {
        arrive(WIDE);
        user().choose(deepVolume());
        browser().press("b", PageUser.HOME, "[", "\uE010", "]", PageUser.ENTER);
        browser().await("document.querySelector('#progress').value > 0");
        assertThat(metric("medficientsam_running")).isEqualTo(1);

        browser().closeTab();

        awaitMetric("medficientsam_images", 0);
        awaitMetric("medficientsam_running", 0);
    }

    static void awaitSlice(int z) {
        browser().await("document.querySelector('#canvas').dataset.slice === '" + z + "'");
    }

    static void choose(String selector, String value) {
        browser()
                .script(
                        "const s = document.querySelector(arguments[0]); s.value = arguments[1]; s.dispatchEvent(new Event('change'))",
                        selector,
                        value);
    }

    /** 96 x 96 x 400 of int16, a bright column in it: takes a while whatever the machine. */
    static Path deepVolume() throws IOException {
        int side = 96;
        int depth = 400;
        ByteBuffer nifti = ByteBuffer.allocate(352 + side * side * depth * 2).order(ByteOrder.LITTLE_ENDIAN);
        nifti.putInt(0, 348);
        for (int i = 0; i < 4; i++) nifti.putShort(40 + 2 * i, (short) new int[] {3, side, side, depth}[i]);
        for (int i = 4; i < 8; i++) nifti.putShort(40 + 2 * i, (short) 1);
        nifti.putShort(70, (short) 4).putShort(72, (short) 16);
        for (int i = 0; i < 4; i++) nifti.putFloat(76 + 4 * i, 1);
        nifti.putFloat(108, 352).putFloat(112, 1);
        nifti.putShort(254, (short) 1); // sform: the unit matrix
        for (int i = 0; i < 3; i++) nifti.putFloat(280 + 20 * i, 1);
        nifti.put(344, "n+1\0".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0, at = 352; i < side * side * depth; i++, at += 2) {
            int x = i % side;
            int y = i / side % side;
            nifti.putShort(at, (short) ((x - 48) * (x - 48) + (y - 48) * (y - 48) < 300 ? 900 : 100 + i % 37));
        }
        return Files.write(folder.resolve("deep.nii"), nifti.array());
    }
}
