package org.medficientsam.eval.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.eval.EllipseFunction;
import org.medficientsam.eval.SmallDataset;
import org.medficientsam.eval.run.CaseRow;
import org.medficientsam.eval.run.RunFolder;
import org.medficientsam.eval.run.RunInfo;
import org.medficientsam.eval.target.ModelInfo;

/** The command {@code run} against a real server that speaks the function's wire. */
class RunTest {

    @TempDir
    private Path temp = Path.of("");

    private final EvalConsole console = new EvalConsole();

    private int run(String target, Path dataset, Path run, String... more) {
        return console.run(
                target,
                dataset,
                run,
                Stream.concat(Stream.of("--patience", "2"), Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void runFolderHoldsWhatTheFunctionToldOfEveryCase() throws IOException {
        Path dataset = new SmallDataset(temp.resolve("data")).images(7).folder();
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(
                    0, run(function.url(), dataset, temp.resolve("run"), "--parallel", "3"), console.err::toString);
        }
        RunFolder folder = new RunFolder(temp.resolve("run"));
        Map<String, CaseRow> rows = folder.readRows();
        assertThat(List.copyOf(rows.keySet())).hasSize(7).isSorted();
        CaseRow row = Objects.requireNonNull(rows.get("2D_US_006.npz"));
        assertThat(List.of(row.csv().split(","))).startsWith("2D_US_006.npz", "US", "30x38", "ok");
        assertThat(row.csv()).contains(",1.5,,20.0,,,0.25,1,2,1000000,");
        assertEquals(Files.size(dataset.resolve("imgs/2D_US_006.npz")), row.bytesIn());
        assertEquals(Files.size(folder.segs().resolve("2D_US_006.npz")), row.bytesOut());
        assertThat(folder.scores()).content().startsWith("case,dsc,nsd\n").hasLineCount(8);
        assertThat(folder.labels()).content().contains("2D_US_006.npz,cvpr24,scored");
        RunInfo info = folder.readInfo();
        assertEquals(new ModelInfo("ellipse", "00ff", "fp32", 256, 12L, 34L, "plain"), info.model());
        assertThat(info.finished()).isNotNull();
        assertThat(folder.work()).doesNotExist();
    }

    @Test
    void badCasesAreRowsWithAReasonAndTheRestGoesOn() throws IOException {
        SmallDataset data = new SmallDataset(temp.resolve("data"))
                .image("2D_US_ok.npz", 24, 32, 2)
                .damaged("2D_US_torn.npz", "PK\3\4 and then nothing".getBytes(StandardCharsets.ISO_8859_1))
                .image("2D_Spectroscope_1.npz", 24, 32, 1)
                .image("nameless.npz", 24, 32, 1)
                .image("2D_Fundus_truth.npz", 24, 32, 1);
        Npz.write(
                data.folder().resolve("gts/2D_Fundus_truth.npz"),
                Map.of("gts", NpyArray.of(new byte[20 * 20], 20, 20)));
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(1, run(function.url(), data.folder(), temp.resolve("run")), console.err::toString);
        }
        RunFolder folder = new RunFolder(temp.resolve("run"));
        assertThat(folder.readRows().values())
                .extracting(CaseRow::name, row -> row.modality().label(), CaseRow::ok)
                .containsExactly(
                        tuple("2D_Fundus_truth.npz", "Fundus", true),
                        tuple("2D_Spectroscope_1.npz", "Spectroscope", true),
                        tuple("2D_US_ok.npz", "US", true),
                        tuple("2D_US_torn.npz", "US", false),
                        tuple("nameless.npz", "unknown", true));
        assertThat(console.out.toString()).contains("5 cases, 1 failed", "2D_US_torn.npz: 400 Refused: ");
        assertThat(folder.labels())
                .content()
                .contains("2D_Fundus_truth.npz,cvpr24,failed,\"segs must have the shape of gts")
                .contains("2D_US_torn.npz,cvpr24,failed,segs file is missing");
        assertThat(folder.scores()).content().contains("2D_US_torn.npz,0.0,0.0\n");
    }

    @Test
    void answerThatIsNoLabelMapOfTheImageFails() throws IOException {
        Path dataset = new SmallDataset(temp.resolve("data")).images(2).folder();
        byte[] wrongShape;
        try (var bytes = new ByteArrayOutputStream()) {
            Npz.write(bytes, Map.of("segs", NpyArray.of(new byte[9], 3, 3)));
            wrongShape = bytes.toByteArray();
        }
        try (EllipseFunction function = new EllipseFunction(0, (exchange, request) -> {
            byte[] answer = request == 1 ? wrongShape : new byte[] {1, 2, 3};
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
            return true;
        })) {
            assertEquals(2, run(function.url(), dataset, temp.resolve("run")), console.err::toString);
        }
        assertThat(new RunFolder(temp.resolve("run")).readRows().values())
                .extracting(CaseRow::error)
                .satisfiesExactly(
                        first -> assertThat(first).contains("answer: ").contains("segs must be [24, 32], got [3, 3]"),
                        second -> assertThat(second).startsWith("answer: "));
    }

    @Test
    void caseIsSentWithoutTheGroundTruthThatItsFileHolds() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("data/US"));
        Npz.write(
                folder.resolve("2D_US_1.npz"),
                Map.of(
                        "imgs", NpyArray.of(new byte[400], 20, 20),
                        "boxes", NpyArray.of(new long[] {2, 2, 9, 9}, 1, 4),
                        "gts", NpyArray.of(new byte[400], 20, 20)));
        StringBuilder received = new StringBuilder();
        try (EllipseFunction function = new EllipseFunction(0, (exchange, request) -> {
            received.append(Npz.read(exchange.getRequestBody(), Limits.DEFAULT).names());
            EllipseFunction.send(exchange, 500, "text/plain", "");
            return true;
        })) {
            assertEquals(2, run(function.url(), temp.resolve("data"), temp.resolve("run")), console.err::toString);
        }
        assertThat(received.toString()).contains("imgs", "boxes").doesNotContain("gts");
    }

    @Test
    void dataSetWithoutGroundTruthIsNotScored() throws IOException {
        Path dataset = new SmallDataset(temp.resolve("data")).images(2).folder();
        for (String name : List.of("2D_US_000.npz", "2D_X-Ray_001.npz")) {
            Files.delete(dataset.resolve("gts").resolve(name));
        }
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(0, run(function.url(), dataset, temp.resolve("run")), console.err::toString);
        }
        assertThat(console.out.toString()).contains("nothing to score");
        assertThat(temp.resolve("run/scores.csv")).doesNotExist();
    }

    @Test
    void emptyFolderIsAnErrorThatNamesIt() throws IOException {
        Files.createDirectories(temp.resolve("data/imgs"));
        assertEquals(2, run("http://127.0.0.1:1", temp.resolve("data"), temp.resolve("run")));
        assertThat(console.err.toString()).contains("error: no *.npz in ").contains("imgs");
    }

    @Test
    void nobodyThereEndsTheRunWithoutBlamingACase() throws IOException {
        Path dataset = new SmallDataset(temp.resolve("data")).images(2).folder();
        assertEquals(2, run("http://127.0.0.1:1", dataset, temp.resolve("run")));
        assertThat(console.err.toString())
                .contains("error: the target http://127.0.0.1:1 is not ready (tried for 2 s)");
        assertThat(new RunFolder(temp.resolve("run")).readRows()).isEmpty();
        assertThat(temp.resolve("run/run.json")).doesNotExist();
    }

    @Test
    void finishedRunIsNotDoneAgainAndATornRowIs() throws IOException {
        Path dataset = new SmallDataset(temp.resolve("data")).images(5).folder();
        Path run = temp.resolve("run");
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(0, run(function.url(), dataset, run), console.err::toString);
            String rows = Files.readString(run.resolve("cases.csv"));
            assertEquals(0, run(function.url(), dataset, run));
            assertEquals(5, function.requests());
            assertThat(run.resolve("cases.csv")).hasContent(rows);

            String torn = rows.substring(0, rows.length() - 7);
            Files.writeString(run.resolve("cases.csv"), torn);
            assertEquals(0, run(function.url(), dataset, run), console.err::toString);
            assertEquals(6, function.requests());
            Files.delete(run.resolve("segs/2D_US_000.npz"));
            assertEquals(0, run(function.url(), dataset, run));
            assertEquals(7, function.requests());
        }
        assertThat(new RunFolder(run).readRows()).hasSize(5);
    }

    @Test
    void rowWrittenTwiceCountsOnce() throws IOException {
        Path dataset = new SmallDataset(temp.resolve("data")).images(3).folder();
        Path run = temp.resolve("run");
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(0, run(function.url(), dataset, run), console.err::toString);
            String rows = Files.readString(run.resolve("cases.csv"));
            String last = rows.lines().reduce("", (first, second) -> second);
            Files.writeString(run.resolve("cases.csv"), last + "\n", StandardOpenOption.APPEND);
            assertEquals(0, run(function.url(), dataset, run));
            assertThat(run.resolve("cases.csv")).hasContent(rows);
        }
    }

    @Test
    void onlyOneHarnessWorksInAFolder() throws IOException {
        RunFolder folder = new RunFolder(temp.resolve("run"));
        try (RunFolder.Claim claim = folder.claim()) {
            assertThat(claim).isNotNull();
            assertThatThrownBy(folder::claim)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("another harness is at work in ");
        }
    }
}
