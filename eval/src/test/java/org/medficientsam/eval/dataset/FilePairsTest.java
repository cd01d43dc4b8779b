package org.medficientsam.eval.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.casefile.Box;
import org.medficientsam.casefile.Box2D;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.eval.Modality;

/** Which mask is whose, and what a case is called, where names are alike. */
class FilePairsTest {

    private static final Box2D FIRST = new Box2D(2, 2, 6, 5);
    private static final Box2D SECOND = new Box2D(7, 7, 11, 10);

    @TempDir
    private Path temp = Path.of("");

    private final List<String> warnings = new ArrayList<>();

    private Dataset open() throws IOException {
        return FolderLayout.auto(temp.resolve("set")).open(temp.resolve("generated"), warnings::add);
    }

    private static List<? extends Box> boxes(DatasetCase each) throws IOException {
        return CaseNpz.read(each.image(), Limits.DEFAULT).boxes();
    }

    private void image(String name) throws IOException {
        write("images/" + name + ".png", 1, 1, 90);
    }

    private void mask(String name, Box2D box) throws IOException {
        write("masks/" + name + ".png", (int) box.xMin(), (int) box.yMin(), 255);
    }

    private void write(String name, int x0, int y0, int value) throws IOException {
        BufferedImage picture = new BufferedImage(24, 16, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 20; i++) picture.getRaster().setSample(x0 + i % 5, y0 + i / 5, 0, value);
        Path file = temp.resolve("set").resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        ImageIO.write(picture, "png", file.toFile());
    }

    private void assertMasksAreOfTheirOwnImages() throws IOException {
        List<DatasetCase> cases = open().cases();

        assertEquals(List.of(FIRST), boxes(cases.get(0)));
        assertEquals(List.of(SECOND), boxes(cases.get(1)));
    }

    @Test
    void maskOfANumberedImageIsNotAlsoOneOfTheImageWithoutNumber() throws IOException {
        image("a");
        image("a_1");
        mask("a", FIRST);
        mask("a_1", SECOND);

        assertMasksAreOfTheirOwnImages();
    }

    /** 0000 is nnU-Net's first channel, but elsewhere the first of many images. */
    @Test
    void imageNumberedNullHasItsOwnMaskAndNotThoseOfOtherNumbers() throws IOException {
        image("case_0000");
        image("case_0002");
        mask("case_0000", FIRST);
        mask("case_0001", new Box2D(9, 9, 13, 12));
        mask("case_0002", SECOND);

        assertMasksAreOfTheirOwnImages();
    }

    @Test
    void firstChannelHasTheMaskWithoutNumberThoughAnotherPatientsNameGoesOn() throws IOException {
        image("liver_0000");
        image("liver_2_0000");
        mask("liver", FIRST);
        mask("liver_2", SECOND);

        assertMasksAreOfTheirOwnImages();
    }

    @Test
    void imagesWhoseCasesWouldShareANameAreNotWrittenOverOneAnother() throws IOException {
        image("a b");
        image("a_b");
        mask("a b", FIRST);
        mask("a_b", SECOND);

        Dataset dataset = open();

        assertThat(dataset.names()).containsExactly("2D_unknown_a_b.npz");
        assertEquals(List.of(FIRST), boxes(dataset.cases().get(0)));
        assertThat(warnings)
                .containsExactly(
                        "a_b.png is left out: its case must have a name of its own, but 2D_unknown_a_b.npz is made of a b.png");
    }

    @Test
    void maskWithoutAnImageIsTold() throws IOException {
        image("a");
        mask("a", FIRST);
        mask("b", SECOND);
        mask("c", SECOND);

        open();

        assertThat(warnings).containsExactly("masks without an image of their name are left out: 2, b.png ...");
    }

    @Test
    void namesInSubFoldersStillTellTheirModality() throws IOException {
        for (String folder : List.of("one", "two")) {
            image(folder + "/2D_US_1");
            mask(folder + "/2D_US_1", FIRST);
        }

        Dataset dataset = open();

        assertThat(dataset.names()).containsExactly("2D_US_1_one.npz", "2D_US_1_two.npz");
        assertThat(dataset.counts()).containsOnlyKeys(Modality.US);
    }

    @Test
    void darkLevelsThatCountAsBackgroundAreTold() throws IOException {
        image("a");
        BufferedImage levels = new BufferedImage(24, 16, BufferedImage.TYPE_BYTE_GRAY);
        levels.getRaster().setSample(3, 3, 0, 85);
        levels.getRaster().setSample(9, 9, 0, 255);
        Path file = Files.createDirectories(temp.resolve("set/masks")).resolve("a.png");
        ImageIO.write(levels, "png", file.toFile());

        assertEquals(List.of(new Box2D(9, 9, 9, 9)), boxes(open().cases().get(0)));
        assertThat(warnings)
                .containsExactly("a.png: its labels [85, 255] are taken for one object, those up to 127 for background;"
                        + " --labels values takes each for one");
    }

    @Test
    void picturesAreCasesThoughAnNpzLiesBesideTheirFolders() throws IOException {
        image("a");
        mask("a", FIRST);
        Files.writeString(temp.resolve("set/splits.npz"), "of another program");

        assertThat(open().names()).containsExactly("2D_unknown_a.npz");
    }

    @Test
    void outputAmongTheCasesIsRefusedAsItWouldBecomeCases() throws IOException {
        write("a.png", 1, 1, 90);
        write("a_mask.png", 2, 2, 255);

        assertThatThrownBy(() -> FolderLayout.auto(temp.resolve("set")).open(temp.resolve("set/out"), warnings::add))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the output must lie outside of ");
    }

    @Test
    void lettersOfAnyScriptAreKeptInNames() throws IOException {
        for (String name : List.of("\u03b1", "\u03b2", "M\u00fcller")) {
            image(name);
            mask(name, FIRST);
        }

        assertThat(open().names())
                .containsExactly("2D_unknown_M\u00fcller.npz", "2D_unknown_\u03b1.npz", "2D_unknown_\u03b2.npz");
    }
}
