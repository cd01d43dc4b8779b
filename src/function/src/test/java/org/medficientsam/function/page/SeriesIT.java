package org.medficientsam.function.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.medficientsam.function.SegmentationContract;

/** A DICOM series on the page, in every way that people have it: a folder that is dropped or chosen, files, a zip. */
class SeriesIT extends InBrowser {
    private static final Path ZIP =
            SegmentationContract.ROOT.resolve("src/imagefile/src/test/resources/files/series.zip");

    private static Path study = Path.of("");

    /** Nine files whose names are in no order, and beside them what lies on a disc from a hospital too. */
    @BeforeAll
    static void unpack() throws IOException {
        study = folder.resolve("study");
        try (ZipFile zip = new ZipFile(ZIP.toFile())) {
            for (var entry : zip.stream().filter(each -> !each.isDirectory()).toList()) {
                Path file = folder.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                try (InputStream in = zip.getInputStream(entry)) {
                    Files.copy(in, file);
                }
            }
        }
        Files.writeString(study.resolve("DICOMDIR"), "an index");
        Files.writeString(study.resolve("autorun.inf"), "[autorun]");
    }

    private static void isTheWholeSeries() {
        assertThat(browser().text("#error-text")).isEmpty();
        assertThat(browser().text("#what")).contains("16 × 14 × 9, 0.8 × 0.9 × ");
    }

    @Test
    void aFolderThatIsDroppedIsSegmentedAsTheCommandLineDoes() throws IOException, InterruptedException {
        arrive(WIDE);
        double[] middle = {400, 400};
        Map<String, Object> data =
                Map.of("items", List.of(), "files", List.of(study.toString()), "dragOperationsMask", 1);
        for (String type : new String[] {"dragEnter", "dragOver", "drop"})
            browser()
                    .cdp("Input.dispatchDragEvent", Map.of("type", type, "x", middle[0], "y", middle[1], "data", data));
        user().awaitImage();
        isTheWholeSeries();

        browser().press(PageUser.HOME, "[", "\uE010", "]");
        user().draw("mouse", 3, 3, 12, 11);
        browser().press(PageUser.ENTER);
        user().awaitLabels(1);

        int[] box = user().box();
        assertThat(box[2]).isZero();
        assertThat(box[5]).isEqualTo(8);
        assertThat(Files.readAllBytes(user().download("nifti"))).isEqualTo(segmented(ZIP, box));
        look("wide-series");
    }

    @Test
    void aFolderThatIsChosenIsTheSameVolume() {
        arrive(WIDE);
        browser().type("#folder", study.toString());
        user().awaitImage();
        isTheWholeSeries();
    }

    @Test
    void itsFilesAreTheSameVolumeInWhateverOrder() throws IOException {
        arrive(WIDE);
        try (Stream<Path> files = Files.list(study.resolve("series"))) {
            user().choose(files.toArray(Path[]::new));
        }
        isTheWholeSeries();
    }

    @Test
    void aZipOfItIsTheSameVolume() {
        arrive(WIDE);
        user().choose(ZIP);
        isTheWholeSeries();
    }
}
