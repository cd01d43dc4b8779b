package org.medficientsam.eval.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.eval.EllipseFunction;
import org.medficientsam.eval.SmallDataset;

/** The command {@code evaluate}: a folder in, a report out. */
class EvaluateTest {

    @TempDir
    private Path temp = Path.of("");

    private final EvalConsole console = new EvalConsole();

    private int evaluate(EllipseFunction function, String models, String... more) {
        return console.execute(
                List.of(
                        "evaluate",
                        temp.resolve("data").toString(),
                        "--model",
                        models,
                        "--target",
                        function.url(),
                        "--out",
                        temp.resolve("out").toString()),
                more);
    }

    @Test
    void oneCommandRunsScoresComparesAndShowsEveryCase() throws IOException {
        new SmallDataset(temp.resolve("data")).images(12);
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(0, evaluate(function, "shrunk,ellipse", "--name", "ours,theirs"), console.err::toString);
            int sent = function.requests();
            assertEquals(0, evaluate(function, "shrunk,ellipse", "--name", "ours,theirs"), console.err::toString);
            assertEquals(sent + 4, function.requests(), "nothing again but the probes");
        }
        Path report = temp.resolve("out/report");
        assertThat(console.out.toString())
                .contains("DSC ours", "DSC theirs", "DSC, ours against theirs: lower. Average of modalities -")
                .contains("0 cases higher, 0 equal, 12 lower");
        assertThat(report.resolve("comparisons.csv")).content().contains("ours,theirs,DSC,Average,12,12,-");
        assertThat(report.resolve("cases.csv")).content().contains("2D_US_000,US,24x32,ours,");
        assertThat(report.resolve("tables.tex"))
                .content()
                .contains("\\toprule", "Target & n & ours & theirs \\\\", "\\bottomrule");
        String html = Files.readString(report.resolve("report.html"));
        assertThat(html)
                .contains("<span role=\"button\" tabindex=\"0\">DSC ours</span>", "href=\"pictures/2D_US_000.png\"");
        try (Stream<Path> pictures = Files.list(report.resolve("pictures"))) {
            assertThat(pictures).hasSize(12).allSatisfy(file -> assertThat(ImageIO.read(file.toFile()))
                    .isNotNull());
        }
    }

    @Test
    void casesOfOnePatientAreTakenAsOne() throws IOException {
        new SmallDataset(temp.resolve("data")).images(12);
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(0, evaluate(function, "shrunk,ellipse", "--group", "_(0\\d)"), console.err::toString);
        }
        Path report = temp.resolve("out/report");
        assertThat(console.out.toString())
                .contains("n=12 in 2 groups", "n = 12 in 2 groups; 0 cases higher, 0 equal, 12 lower");
        assertThat(report.resolve("comparisons.csv")).content().contains("shrunk,ellipse,DSC,Average,12,2,-");
        assertThat(report.resolve("report.md"))
                .content()
                .contains("the pattern _(0\\d) finds the same text are of one patient");

        assertEquals(
                0,
                EvalCommand.commandLine()
                        .execute(
                                "report",
                                temp.resolve("out/runs/ellipse").toString(),
                                "--group=0(\\d)",
                                "--no-pictures",
                                "--out=" + temp.resolve("again")));
        assertThat(temp.resolve("again/modalities.csv")).content().contains(",12,2,0,0,");
    }

    @Test
    void withoutPicturesThereAreNone() throws IOException {
        new SmallDataset(temp.resolve("data")).images(2);
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(0, evaluate(function, "ellipse", "--no-pictures"), console.err::toString);
        }
        assertThat(temp.resolve("out/report/pictures")).doesNotExist();
        assertThat(Files.readString(temp.resolve("out/report/report.html"))).doesNotContain("image/jpeg");
    }

    @Test
    void casesWhoseNamesTellNoModalityAreSummedUpTooAndCompared() throws IOException {
        SmallDataset dataset = new SmallDataset(temp.resolve("data"));
        for (int i = 0; i < 12; i++) {
            dataset.image("patient%d.npz".formatted(i), 24 + i, 32 + i, 1 + i % 3);
        }
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(0, evaluate(function, "shrunk,ellipse", "--no-pictures"), console.err::toString);
        }
        assertThat(temp.resolve("out/report/report.md"))
                .content()
                .containsPattern(
                        "- shrunk: 12 cases, none failed; DSC \\d+\\.\\d\\d % \\[.*; NSD .*, mean of the cases\\.")
                .containsPattern(
                        "- DSC, shrunk against ellipse: lower\\. Mean difference -\\d+\\.\\d\\d points \\[.*n = 12;");
    }

    @Test
    void theReportNamesWhatBecameNoCase() throws IOException {
        Path images = Files.createDirectories(temp.resolve("data/images"));
        Path masks = Files.createDirectories(temp.resolve("data/masks"));
        BufferedImage picture = new BufferedImage(32, 24, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 60; i++) {
            picture.getRaster().setSample(8 + i % 10, 9 + i / 10, 0, 255);
        }
        ImageIO.write(picture, "png", images.resolve("2D_US_1.png").toFile());
        ImageIO.write(picture, "png", masks.resolve("2D_US_1.png").toFile());
        Files.writeString(images.resolve("2D_US_2.png"), "no picture");
        ImageIO.write(picture, "png", masks.resolve("2D_US_2.png").toFile());
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(0, evaluate(function, "ellipse", "--no-pictures"), console.err::toString);
            assertEquals(0, evaluate(function, "ellipse", "--no-pictures"), console.err::toString);
        }
        assertThat(console.err.toString().split("2D_US_2.png is left out: ", -1))
                .hasSize(3);
        assertThat(temp.resolve("out/report/report.md"))
                .content()
                .contains("## Files left out, labels changed", "2D_US_2.png is left out: file must be NIfTI,");
    }

    @Test
    void anUnknownModelEndsItBeforeAnyCaseIsSent() throws IOException {
        new SmallDataset(temp.resolve("data")).images(2);
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(2, evaluate(function, "missing,ellipse"));
            assertEquals(1, function.requests());
        }
        assertThat(console.err.toString()).contains("nothing was run: asked for model missing");
        assertThat(temp.resolve("out/report")).doesNotExist();
    }

    @Test
    void anUnknownLastModelEndsItBeforeTheFirstIsRun() throws IOException {
        new SmallDataset(temp.resolve("data")).images(2);
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(2, evaluate(function, "ellipse,missing"));
            assertEquals(2, function.requests(), "a probe of each");
        }
        assertThat(console.err.toString()).contains("nothing was run: asked for model missing");
    }

    @Test
    void modelsAreIdsAndNamedOnce() throws IOException {
        new SmallDataset(temp.resolve("data")).images(1);
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(2, evaluate(function, "ellipse,ellipse"));
            assertEquals(2, evaluate(function, "../ellipse"));
        }
        assertThat(console.err.toString())
                .contains("--model must name each bundle once, got ellipse twice")
                .contains("--model must be ids of bundles, got '../ellipse'");
    }

    @Test
    void whatCannotBeComparedIsNamedAndCountedWhereItCountsAsZero() throws IOException {
        SmallDataset dataset = new SmallDataset(temp.resolve("data")).images(6);
        Path truths = dataset.folder().resolve("gts");
        Files.writeString(truths.resolve("2D_US_000.npz"), "no npz");
        Files.delete(truths.resolve("2D_X-Ray_001.npz"));
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(0, evaluate(function, "ellipse", "--no-pictures"), console.err::toString);
        }
        assertThat(console.out.toString())
                .contains("ellipse: 6 cases, 1 failed, 1 without ground truth and not scored; DSC ");
        assertThat(temp.resolve("out/report/report.md"))
                .content()
                .contains("| US ", "0.00 n=1, 1 failed", "- ellipse, 2D_US_000.npz: not scored: gts file: npz must be");
        assertThat(temp.resolve("out/report/cases.csv"))
                .content()
                .contains("2D_US_000,US,24x32,ellipse,0.00,0.00,failed");
    }

    @Test
    void boxesThatAreNotOnePerLabelAreTold() throws IOException {
        SmallDataset dataset = new SmallDataset(temp.resolve("data")).image("2D_US_1.npz", 24, 32, 2);
        Path truth = dataset.folder().resolve("gts/2D_US_1.npz");
        Path kept = Files.copy(truth, temp.resolve("kept.npz"));
        dataset.image("2D_US_1.npz", 24, 32, 1);
        Files.copy(kept, truth, StandardCopyOption.REPLACE_EXISTING);
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(0, evaluate(function, "ellipse", "--no-pictures"), console.err::toString);
        }
        assertThat(console.err.toString()).contains("2D_US_1.npz: boxes must be one per label of gts, 2, got 1");
    }

    @Test
    void reportThatCannotBeWrittenIsToldAndTheRunsAreThere() throws IOException {
        new SmallDataset(temp.resolve("data")).images(1);
        Files.createDirectories(temp.resolve("out"));
        Files.writeString(temp.resolve("out/report"), "a file in its place");
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(1, evaluate(function, "ellipse", "--no-pictures"));
        }
        assertThat(console.err.toString()).contains("error: cannot write the report " + temp.resolve("out/report"));
        assertThat(temp.resolve("out/runs/ellipse/scores.csv")).exists();
    }

    @Test
    void scoresThatCannotBeWrittenLeaveTheRunIncomplete() throws IOException {
        new SmallDataset(temp.resolve("data")).images(1);
        Files.createDirectories(temp.resolve("out/runs/ellipse/scores.csv/in the way"));
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(1, evaluate(function, "ellipse", "--no-pictures"));
        }
        assertThat(console.err.toString()).contains("error: cannot write ", "scores.csv: it is a folder");
    }

    @Test
    void modalityThatIsGivenIsThatOfNpzToo() throws IOException {
        SmallDataset dataset = new SmallDataset(temp.resolve("data"));
        dataset.image("patient1.npz", 24, 32, 1);
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(
                    0,
                    evaluate(function, "ellipse", "--no-pictures", "--modality", "ct", "--labels", "whole"),
                    console.err::toString);
        }
        assertThat(console.out.toString()).contains("| CT ", "Average of 1 of 9 modalities");
        assertThat(console.err.toString())
                .contains("npz are taken as they are: suffix of masks, labels and window change nothing");
    }

    @Test
    void numbersAndNamesThatMeanNothingAreRefusedBeforeAnythingIsSent() throws IOException {
        new SmallDataset(temp.resolve("data")).images(1);
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(2, evaluate(function, "ellipse", "--pictures", "-1"));
            assertEquals(2, evaluate(function, "ellipse", "--name", " "));
            assertEquals(0, function.requests());
        }
        assertThat(console.err.toString())
                .contains("--pictures must be at least 0, got -1", "--name must be a name for reports, got nothing");
    }

    @Test
    void wrongCommandLineIsOneSentenceAndNotTheWholeHelp() {
        assertEquals(2, console.execute(List.of("evaluate", "data")));
        assertThat(console.err.toString().lines())
                .containsExactly(
                        "error: Missing required option: '--model=BUNDLE'",
                        "what there is: medficientsam-eval evaluate --help");
    }

    @Test
    void namesAreOnePerModel() throws IOException {
        new SmallDataset(temp.resolve("data")).images(1);
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(2, evaluate(function, "ellipse,shrunk", "--name", "one"));
        }
        assertThat(console.err.toString()).contains("--name must be 2 names, one per --model, got 1");
    }
}
