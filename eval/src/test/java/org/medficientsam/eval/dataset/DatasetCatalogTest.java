package org.medficientsam.eval.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medficientsam.casefile.Box2D;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.SmallDataset;

class DatasetCatalogTest {

    private static final Path SHIPPED = Path.of(System.getProperty("medficientsam.root", ".."), "datasets.yaml");

    @TempDir
    private Path temp = Path.of("");

    private final List<String> warnings = new ArrayList<>();

    @Test
    void numberOfCasesThatIsNotTheExpectedOneIsTold() throws IOException {
        new SmallDataset(temp.resolve("mine")).images(7);
        Path catalogue = write("datasets:\n  mine: {title: T, layout: challenge, licence: L, path: mine,"
                + " cases: {US: 2, CT: 1140, Fundus: 1}}\n");
        DatasetCatalog.resolve("mine", catalogue, temp, warnings::add);
        assertThat(warnings).containsExactly("mine: CT should have 1140 cases, found 0");
    }

    @Test
    void shippedCatalogueIsValidAndKnowsTheChallengesCases() throws IOException {
        Map<String, CatalogueEntry> entries = DatasetCatalog.read(SHIPPED).entries();
        assertThat(entries).containsKeys("phantoms", "cvpr24-validation");
        CatalogueEntry challenge = Objects.requireNonNull(entries.get("cvpr24-validation"));
        assertThat(challenge.cases().keySet()).containsExactlyElementsOf(Modality.CHALLENGE);
        assertThat(challenge.cases()).containsEntry(Modality.CT, 1140).containsEntry(Modality.PET, 3);
        assertThat(entries.values()).allSatisfy(entry -> {
            if (entry.layout() != DatasetLayout.GENERATED) {
                assertThat(entry.page()).startsWith("https://");
            }
        });
    }

    @Test
    void setThatIsNotHereTellsWhereItBelongsAndWhereToGetIt() {
        assertThatThrownBy(() -> DatasetCatalog.resolve("cvpr24-validation", SHIPPED, temp, warnings::add))
                .hasMessageContaining("cvpr24-validation is not here: expected the folder")
                .hasMessageContaining("https://");
    }

    @Test
    void unknownNameListsTheKnownOnes() {
        assertThatThrownBy(() -> DatasetCatalog.resolve("cvpr25", SHIPPED, temp, warnings::add))
                .hasMessageContaining("no data set 'cvpr25'")
                .hasMessageContaining("phantoms")
                .hasMessageContaining("path:DIR");
    }

    @Test
    void entryWithAPathIsOpenedRelativeToTheCatalogue() throws IOException {
        new SmallDataset(temp.resolve("mine")).images(2);
        Path catalogue = write("datasets:\n  mine:\n    title: T\n    layout: challenge\n    licence: L\n"
                + "    path: mine\n    modality: MRI\n");
        Dataset dataset = DatasetCatalog.resolve("mine", catalogue, temp, warnings::add);
        assertEquals(Map.of(Modality.MR, 2), dataset.counts());
    }

    @Test
    void phantomsAreDrawnOnceAndAgainIfHalfDrawn() throws IOException {
        Path catalogue = write("datasets:\n  p:\n    title: T\n    layout: generated\n    licence: L\n");
        Dataset drawn = DatasetCatalog.resolve("p", catalogue, temp, warnings::add);
        assertEquals(9, drawn.cases().size());
        Files.delete(temp.resolve("p-1-1/complete"));
        Files.delete(temp.resolve("p-1-1/imgs/2D_US_phantom_000.npz"));
        assertThat(DatasetCatalog.resolve("p", catalogue, temp, warnings::add).cases())
                .isEqualTo(drawn.cases());
    }

    @ParameterizedTest
    @CsvSource({"whole, 1", "components, 2", "values, 3"})
    void picturesAndMasksBecomeCases(String labels, int objects) throws IOException {
        BufferedImage picture = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        picture.setRGB(5, 4, 0x0a141e);
        BufferedImage mask = new BufferedImage(40, 30, BufferedImage.TYPE_BYTE_GRAY);
        fill(mask, 4, 3, 255);
        fill(mask, 20, 12, 200);
        mask.getRaster().setSample(39, 29, 0, 9);
        for (String folder : List.of("photos", "masks")) {
            Files.createDirectories(temp.resolve("data").resolve(folder));
        }
        ImageIO.write(picture, "png", temp.resolve("data/photos/polyp (1).png").toFile());
        ImageIO.write(picture, "png", temp.resolve("data/photos/unmasked.png").toFile());
        ImageIO.write(mask, "bmp", temp.resolve("data/masks/polyp (1)_mask.bmp").toFile());
        Path catalogue = write("""
                datasets:
                  polyps:
                    {title: T, licence: L, layout: pictures, path: data, images: photos, truths: masks,
                     maskSuffix: _mask, labels: %s, modality: Endoscopy}
                """.formatted(labels));
        Dataset dataset = DatasetCatalog.resolve("polyps", catalogue, temp, warnings::add);
        assertThat(dataset.cases()).extracting(DatasetCase::name).containsExactly("2D_Endoscopy_polyp_1_.npz");
        CaseFile read = CaseNpz.read(dataset.cases().get(0).image(), Limits.DEFAULT);
        assertEquals(objects, read.boxes().size());
        int pixel = (4 * 40 + 5) * 3;
        assertThat(Arrays.copyOfRange(read.image().data(), pixel, pixel + 3)).containsExactly(10, 20, 30);
        if (labels.equals("components")) {
            assertEquals(List.of(new Box2D(4, 3, 9, 8), new Box2D(20, 12, 25, 17)), read.boxes());
        }
    }

    private static void fill(BufferedImage mask, int x0, int y0, int value) {
        for (int i = 0; i < 36; i++) {
            mask.getRaster().setSample(x0 + i % 6, y0 + i / 6, 0, value);
        }
    }

    @Test
    void caseNamesAreUniqueAcrossFolders() throws IOException {
        for (String folder : List.of("a", "b")) {
            Files.createDirectories(temp.resolve("d").resolve(folder));
            Files.write(temp.resolve("d").resolve(folder).resolve("2D_US_1.npz"), new byte[] {1});
        }
        assertThatThrownBy(() -> Dataset.at(temp.resolve("d"), Modality::ofCase))
                .hasMessageContaining("case names must be unique in a data set, got 2D_US_1.npz in");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "datasets: [a]|datasets.yaml:1: datasets must be a mapping, got a list",
                "sets: {}|datasets.yaml:1: sets is not a known key; known are datasets",
                "datasets:~  a:~    layout: challenge~    licence: L|datasets.yaml:3: datasets.a.title must be a text, got nothing",
                "datasets:~  a: {title: T, licence: L, layout: zip}|datasets.yaml:2: datasets.a.layout must be one of generated, challenge, combined, pictures, nifti",
                "datasets:~  a:~    title: T~    licence: L~    layout: combined~    pth: x|datasets.yaml:6: datasets.a.pth is not a known key; known are ",
                "datasets:~  a: {title: T, licence: L, layout: combined, cases: {CT: many}}|datasets.yaml:2: datasets.a.cases.CT must be a whole number from 0 to 999999999, got 'many'",
                "datasets:~  a: {title: [T], licence: L, layout: combined}|datasets.yaml:2: datasets.a.title must be a text, got a list",
                "datasets:~  A_b: {title: T, licence: L, layout: combined}|datasets.yaml:2: datasets.A_b must be a name of lower-case letters",
                "datasets:~  a: {title: T}~  a: {title: T}|datasets.yaml:3: ",
                "datasets: {a: [|datasets.yaml:1: not valid YAML: "
            })
    void faultIsOneLineWithPlaceFieldExpectedAndFound(String yaml, String message) throws IOException {
        Path catalogue = write(yaml.replace('~', '\n'));
        assertThatThrownBy(() -> DatasetCatalog.read(catalogue)).message().startsWith(message);
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(temp.resolve("datasets.yaml"), yaml);
    }
}
