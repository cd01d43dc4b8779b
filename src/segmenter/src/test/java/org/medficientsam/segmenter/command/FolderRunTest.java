package org.medficientsam.segmenter.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.segmenter.Scenes;

class FolderRunTest {
    private static final Path SAMPLE = Scenes.ROOT.resolve("src/samples/2D_sample_lesion.npz");

    @RegisterExtension
    private final CommandConsole console = new CommandConsole();

    private final Path in;
    private final Path out;

    FolderRunTest(@TempDir Path folder) throws IOException {
        in = Files.createDirectory(folder.resolve("in"));
        out = folder.resolve("out");
        for (int i = 0; i < 5; i++) Files.copy(SAMPLE, in.resolve(i + ".npz"));
        Files.write(in.resolve("bad.npz"), new byte[] {1, 2, 3});
    }

    private int segment(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                in.toString(),
                "-o",
                out.toString(),
                "-q",
                "--model",
                "nano",
                "--models",
                Scenes.ROOT.resolve("models/bundles").toString()));
        arguments.addAll(Arrays.asList(more));
        return SegmentCommand.run(arguments.toArray(String[]::new));
    }

    private List<String> results() throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void severalAtATimeGiveTheSameBytes() throws IOException {
        assertThat(segment("--jobs", "3")).isEqualTo(1);

        assertThat(results()).containsExactly("0.npz", "1.npz", "2.npz", "3.npz", "4.npz");
        byte[] together = Files.readAllBytes(out.resolve("4.npz"));
        assertThat(segment()).isEqualTo(1);
        assertThat(Files.readAllBytes(out.resolve("4.npz"))).isEqualTo(together);
    }

    @Test
    void whatIsThereIsLeftAloneAndWhatIsMissingIsDone() throws IOException {
        segment("--resume");
        Files.delete(out.resolve("2.npz"));
        FileTime long_ago = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(out.resolve("3.npz"), long_ago);
        // As a process leaves it that was killed while it wrote a row.
        Files.writeString(out.resolve("cases.csv"), "4.npz,segm", StandardOpenOption.APPEND);

        assertThat(segment("--resume")).isEqualTo(1);

        assertThat(Files.exists(out.resolve("2.npz"))).isTrue();
        assertThat(Files.getLastModifiedTime(out.resolve("3.npz"))).isEqualTo(long_ago);
        List<String> rows = Files.readAllLines(out.resolve("cases.csv"));
        assertThat(rows.get(0)).isEqualTo("case,status,seconds,model,sha256,rules,settings,reason");
        assertThat(rows).hasSize(1 + 6 + 2).allMatch(row -> row.split(",").length >= 7);
        assertThat(rows.stream().filter(row -> row.startsWith("2.npz,segmented,")))
                .hasSize(2);
        assertThat(rows.stream().filter(row -> row.startsWith("bad.npz,failed,")))
                .hasSize(2);
    }

    /** Between the label map and its row a process may be killed. */
    @Test
    void labelMapThatNoRowTellsOfGetsOneAndNoSecond() throws IOException {
        segment("--resume");
        Path log = out.resolve("cases.csv");
        List<String> rows = Files.readAllLines(log);
        Files.write(log, rows.stream().filter(row -> !row.startsWith("1.npz,")).toList());

        segment("--resume");
        segment("--resume");

        List<String> now = Files.readAllLines(log);
        assertThat(now.stream().filter(row -> row.startsWith("1.npz,")))
                .singleElement()
                .satisfies(row -> {
                    String identity = rows.get(1).split(",", 4)[3];
                    assertThat(row).isEqualTo("1.npz,found,," + identity);
                });
        assertThat(now.stream().filter(row -> row.contains(",segmented,"))).hasSize(4);
    }

    @Test
    void tableAtTheEndCountsWhatBecameOfTheCases() {
        segment("--resume", "--shard", "1/2"); // 0, 2, 4

        segment("--resume");

        assertThat(console.printed()
                        .lines()
                        .filter(line -> line.matches(" +6 +1/1 +3 +2 +1 +[0-9.]+ +[0-9.]+ +[0-9.]+")))
                .hasSize(1);
        assertThat(console.printed()).contains("  failed: bad.npz");
    }

    @Test
    void resultsOfTwoModelsDoNotMix() {
        segment("--resume");

        assertThat(segment("--resume", "--rules", "litemedsam")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--window=40,400", "--box=3,4,20,30", "--whole", "--windows=0"})
    void resultsOfTwoSettingsDoNotMix(String other) {
        segment("--resume");

        assertThat(segment("--resume", other)).isEqualTo(2);

        assertThat(console.complained())
                .contains("window auto; boxes of the case")
                .doesNotContain("Exception");
        assertThat(segment("--resume")).isEqualTo(1);
    }

    @Test
    void anotherTextInTheSameFileOfBoxesIsAnotherSetting() throws IOException {
        Path boxes = in.resolveSibling("boxes, mine.csv");
        Files.writeString(boxes, "3,4,20,30\n");
        segment("--resume", "--boxes", boxes.toString());
        assertThat(segment("--resume", "--boxes", boxes.toString())).isEqualTo(1);

        Files.writeString(boxes, "3,4,20,31\n");

        assertThat(segment("--resume", "--boxes", boxes.toString())).isEqualTo(2);
    }

    /** As logs were before they told settings. */
    @Test
    void logWithOtherColumnsIsRefused() throws IOException {
        segment("--resume");
        Path log = out.resolve("cases.csv");
        Files.writeString(log, Files.readString(log).replace("rules,settings,", "rules,"));

        assertThat(segment("--resume")).isEqualTo(2);

        assertThat(console.complained()).contains("cases.csv must have the columns case,status");
    }

    @Test
    void shardsShareTheCases() throws IOException {
        segment("--shard", "1/2");
        assertThat(results()).containsExactly("0.npz", "2.npz", "4.npz");

        segment("--shard", "2/2");
        assertThat(results()).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0/2", "3/2", "1", "a/b", "1/0", "-1/2", ""})
    void otherShardsAreWrongUsage(String shard) {
        assertThat(segment("--shard", shard)).isEqualTo(2);
    }
}
