package org.medficientsam.segmenter.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.casefile.Box;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.VolumeCase;
import org.medficientsam.casefile.npz.LabelMapNpz;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.segmenter.Scenes;
import org.medficientsam.segmenter.Segmenter;
import org.medficientsam.segmenter.SegmenterOptions;

class SegmentCommandTest {
    private final Path folder;

    @RegisterExtension
    private final CommandConsole console = new CommandConsole();

    SegmentCommandTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private Path write(String name, CaseFile caseFile) throws IOException {
        ImageArray image = caseFile.image();
        List<Integer> shape = new ArrayList<>();
        if (caseFile instanceof VolumeCase) shape.add(image.depth());
        shape.addAll(List.of(image.height(), image.width()));
        if (image.channels() == 3) shape.add(3);
        double[] boxes = caseFile.boxes().stream()
                .flatMapToDouble(SegmentCommandTest::corners)
                .toArray();
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put(
                "imgs",
                NpyArray.of(
                        image.data(), shape.stream().mapToInt(Integer::intValue).toArray()));
        arrays.put("boxes", NpyArray.of(boxes, caseFile.boxes().size(), caseFile instanceof VolumeCase ? 6 : 4));
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Npz.write(file, arrays);
        return file;
    }

    private static DoubleStream corners(Box box) {
        return box instanceof Box3D b
                ? DoubleStream.of(b.xMin(), b.yMin(), b.zMin(), b.xMax(), b.yMax(), b.zMax())
                : DoubleStream.of(box.xMin(), box.yMin(), box.xMax(), box.yMax());
    }

    private static LabelMap segs(Path file) throws IOException {
        return LabelMapNpz.from(Npz.read(file, Limits.DEFAULT).get("segs"));
    }

    @Test
    void aCaseBecomesALabelMapAndAPicture() throws IOException {
        CaseFile discs = Scenes.discs(120, 160, 3, 60, 60, 30);
        Path input = write("case.npz", discs);
        Path output = folder.resolve("new/segs.npz");
        Path picture = folder.resolve("case.png");

        int code = console.segment(input, "-o", output, "--overlay", picture, "--model", "nano");

        assertThat(code).isZero();
        try (Segmenter segmenter = Segmenter.open(Scenes.NANO, SegmenterOptions.defaults())) {
            assertThat(segs(output).labels())
                    .isEqualTo(segmenter.segment(discs).labels().labels());
        }
        assertThat(ImageIO.read(picture.toFile()).getWidth()).isGreaterThanOrEqualTo(160);
        assertThat(console.printed()).matches("1 of 1 case in \\d+\\.\\d\\d s, peak RSS .+\\R");
        assertThat(console.complained()).isEmpty();
        assertThat(Files.list(folder.resolve("new"))).containsExactly(output);
    }

    @Test
    void aVolumeShowsItsProgress() throws IOException {
        Path input = write("volume.npz", Scenes.balls(7, 64, 64, 1, 32, 32, 3, 12));
        Path output = folder.resolve("segs.npz");

        assertThat(console.segment(input, "-o", output)).isZero();

        assertThat(segs(output).isVolume()).isTrue();
        assertThat(console.complained()).contains("volume.npz", "7/7 slices");
    }

    @Test
    void aFolderGoesOnAfterAFailingCaseAndNamesIt() throws IOException {
        write("in/a.npz", Scenes.discs(60, 60, 1, 30, 30, 12));
        Files.write(folder.resolve("in/b.npz"), new byte[] {1, 2, 3});
        write("in/c.npz", Scenes.balls(3, 64, 64, 3, 32, 32, 1, 12));
        Files.writeString(folder.resolve("in/notes.txt"), "not a case");

        int code =
                console.segment(folder.resolve("in"), "-o", folder.resolve("out"), "--overlay", folder.resolve("png"));

        assertThat(code).isEqualTo(1);
        assertThat(console.complained()).contains("b.npz: npz must be", "3/3 cases");
        assertThat(console.printed()).startsWith("2 of 3 cases in ");
        assertThat(folder.resolve("out")).isDirectoryContaining("glob:**/a.npz").isDirectoryContaining("glob:**/c.npz");
        assertThat(Files.list(folder.resolve("out"))).hasSize(2);
        assertThat(Files.list(folder.resolve("png"))).hasSize(2);
    }

    @Test
    void aCaseThatFailsLeavesNothingBehindAndSaysWhyInOneLine() throws IOException {
        Path input = Files.write(folder.resolve("bad.npz"), new byte[100]);

        assertThat(console.segment(input, "-o", folder.resolve("segs.npz"))).isEqualTo(1);

        assertThat(console.complained()).startsWith("bad.npz: npz must be").hasLineCount(1);
        assertThat(Files.list(folder)).containsExactly(input);
    }

    @Test
    void anOutputThatCannotBeWrittenIsTold() throws IOException {
        Path input = write("case.npz", Scenes.discs(60, 60, 1, 30, 30, 12));
        Path inTheWay = Files.writeString(folder.resolve("file"), "in the way");

        assertThat(console.segment(input, "-o", inTheWay.resolve("segs.npz"))).isEqualTo(2);

        assertThat(console.complained())
                .startsWith("output must lie in a folder that can be written")
                .hasLineCount(1);
        assertThat(inTheWay).hasContent("in the way");
    }

    @Test
    void wrongUsageIsToldInOneLine() throws IOException {
        Path input = write("case.npz", Scenes.discs(60, 60, 1, 30, 30, 12));

        assertThat(usage(folder.resolve("none.npz"), "-o", "x")).contains("none.npz does not exist");
        assertThat(usage(input)).contains("Missing required option: '--output");
        assertThat(usage(input, "-o", "x")).contains("output must be named .npz, .nii.gz, .nii, .png");
        assertThat(usage(input, "-o", "x.npz", "--window", "bright")).contains("window must be CENTRE,WIDTH or one of");
        assertThat(usage(input, "-o", "x.npz", "--whole", "--box", "1,2,3,4")).contains("mutually exclusive");
        assertThat(usage(input, "-o", input)).contains("output must not be the input");
        assertThat(usage(input, "-o", folder)).contains("output must be a file");
        assertThat(usage(folder, "-o", input)).contains("output must be a folder");
        assertThat(usage(input, "-o", "x.npz", "--model", "none")).contains("model none must be a folder");
        assertThat(usage(input, "-o", "x.npz", "--rules", "best")).contains("rules must be one of medficientsam");
        assertThat(usage(input, "-o", "x.npz", "--threads", "0")).contains("threads must be at least 1");
        assertThat(usage(input, "-o", "x.npz", "--cache", "-1")).contains("cache must not be negative");
    }

    @Test
    void rulesThatTheModelHasNoNumbersForAreRefused() throws IOException {
        Path input = write("case.npz", Scenes.discs(60, 60, 1, 30, 30, 12));

        assertThat(console.segment(input, "-o", folder.resolve("segs.npz"), "--model", "nano", "--rules", "steady"))
                .isEqualTo(1);

        assertThat(console.complained())
                .isEqualTo("model nano is refused: rules steady need propagation in the manifest, found none"
                        + System.lineSeparator());
    }

    private String usage(Object... arguments) {
        int before = console.complained().length();
        assertThat(console.segment(arguments)).isEqualTo(2);
        String complaint = console.complained().substring(before);
        assertThat(complaint).hasLineCount(1);
        return complaint;
    }

    @Test
    void aFolderWithoutCasesIsAFailure() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));

        assertThat(console.segment(empty, "-o", folder.resolve("out"))).isEqualTo(1);

        assertThat(console.complained()).endsWith("empty has no image that can be read" + System.lineSeparator());
    }
}
