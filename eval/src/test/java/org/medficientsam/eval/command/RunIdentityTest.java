package org.medficientsam.eval.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.eval.EllipseFunction;
import org.medficientsam.eval.SmallDataset;
import org.medficientsam.eval.run.RunFolder;

/** A run folder belongs to one model, one set of rules, one data set, one way of running. */
class RunIdentityTest {

    @TempDir
    private Path temp = Path.of("");

    private final EvalConsole console = new EvalConsole();
    private Path dataset = Path.of("");

    @BeforeEach
    void makeDataset() throws IOException {
        dataset = new SmallDataset(temp.resolve("data")).images(6).folder();
    }

    private int run(EllipseFunction function, String... more) {
        return console.run(function.url(), dataset, folder(), more);
    }

    private Path folder() {
        return temp.resolve("run");
    }

    @Test
    void finishedRunOfOneModelIsNotPrintedAsAnothers() throws IOException {
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(0, run(function, "--model", "ellipse"), console.err::toString);
            String scores = Files.readString(folder().resolve("scores.csv"));
            String printed = console.out.toString();

            assertEquals(2, run(function, "--model", "shrunk"));
            assertThat(console.err.toString())
                    .contains("holds another run: model ellipse 00ff; ")
                    .contains("asked for: model shrunk 11ee")
                    .contains("another --out, or --fresh");
            assertEquals(printed, console.out.toString());
            assertThat(folder().resolve("scores.csv")).hasContent(scores);

            assertEquals(0, run(function, "--model", "shrunk", "--fresh"), console.err::toString);
            assertThat(Files.readString(folder().resolve("scores.csv"))).isNotEqualTo(scores);
            assertThat(Files.readString(folder().resolve("run.json"))).contains("\"shrunk\"");
        }
    }

    @Test
    void halfFinishedRunIsNotFinishedByAnotherModel() throws IOException {
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(0, run(function, "--model", "ellipse"), console.err::toString);
            List<String> rows = Files.readAllLines(folder().resolve("cases.csv"));
            Files.write(folder().resolve("cases.csv"), rows.subList(0, 4));
            int before = function.requests();

            assertEquals(2, run(function, "--model", "shrunk"));
            assertEquals(before + 1, function.requests(), "the probe alone");
            assertThat(folder().resolve("cases.csv")).hasContent(String.join("\n", rows.subList(0, 4)));

            assertEquals(0, run(function, "--model", "ellipse"), console.err::toString);
            assertThat(new RunFolder(folder()).readRows()).hasSize(6);
        }
    }

    @Test
    void bundleExchangedUnderTheSameIdIsAnother() throws IOException {
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(0, run(function), console.err::toString);
            function.exchangeBundle("00aa");
            assertEquals(2, run(function));
            assertThat(console.err.toString()).contains("model ellipse 00ff").contains("asked for: model ellipse 00aa");
        }
    }

    @Test
    void bundleExchangedBetweenTwoCasesEndsTheRunBeforeItsRowIsRecorded() throws IOException {
        EllipseFunction[] itself = new EllipseFunction[1];
        try (EllipseFunction function = new EllipseFunction(0, (exchange, request) -> {
            if (request == 4) {
                itself[0].exchangeBundle("00aa");
            }
            return false;
        })) {
            itself[0] = function;
            assertEquals(1, run(function));
        }
        assertThat(console.err.toString())
                .contains("the run is of bundle ellipse, sha256 00ff, but ellipse, sha256 00aa, answered");
        assertThat(new RunFolder(folder()).readRows()).hasSize(3);
    }

    @Test
    void otherRulesCasesAtATimeTimeAndContentAreRefused() throws IOException {
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(0, run(function), console.err::toString);
            assertEquals(0, run(function, "--rules", "plain"), "the bundle's own, said aloud");
            assertEquals(2, run(function, "--rules", "other"));
            assertThat(console.err.toString()).contains("rules plain").contains("asked for: rules other");
            assertEquals(2, run(function, "--parallel", "2"));
            assertThat(console.err.toString()).contains("cases at a time 1").contains("asked for: cases at a time 2");
            assertEquals(2, run(function, "--timeout", "5"));
            assertThat(console.err.toString()).contains("asked for: seconds per case 5 at most");

            byte[] painted = new byte[24 * 32];
            painted[100] = 1;
            Npz.write(dataset.resolve("gts/2D_US_000.npz"), Map.of("gts", NpyArray.of(painted, 24, 32)));
            assertEquals(2, run(function));
            assertThat(console.err.toString()).contains("data set's content");
        }
    }

    @Test
    void folderOfAnOlderHarnessIsRefusedInWords() throws IOException {
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(0, run(function), console.err::toString);
            Path info = folder().resolve("run.json");
            Files.writeString(info, Files.readString(info).replaceFirst(",\\s*\"content\" : \"[0-9a-f]*\"", ""));
            assertEquals(2, run(function));
            assertThat(console.err.toString())
                    .contains("a run of an older harness, which did not note what its data set held");
        }
    }

    @Test
    void nothingIsRunIfTheTargetDoesNotKnowModelOrRules() throws IOException {
        try (EllipseFunction function = EllipseFunction.start()) {
            assertEquals(2, run(function, "--model", "missing"));
            assertThat(console.err.toString())
                    .contains("nothing was run: asked for model missing")
                    .contains("422 Unknown model: missing");
            assertEquals(2, run(function, "--rules", "missing"));
            assertEquals(2, function.requests(), "a probe each");
        }
        assertThat(folder().resolve("run.json")).doesNotExist();
        assertThat(console.out.toString()).doesNotContain("mean DSC");
    }

    @Test
    void failedCasesShowInTheExitStatusAndBesideTheMean() throws IOException {
        try (EllipseFunction function = new EllipseFunction(0, (exchange, request) -> {
            if (request == 2) {
                EllipseFunction.send(exchange, 500, "text/plain", "");
            }
            return request == 2;
        })) {
            assertEquals(1, run(function));
        }
        assertThat(console.out.toString()).contains("6 cases, 1 failed and counted as zero, protocol cvpr24: mean DSC");
        try (EllipseFunction function = new EllipseFunction(0, (exchange, request) -> {
            EllipseFunction.send(exchange, 500, "text/plain", "");
            return true;
        })) {
            assertEquals(2, run(function, "--fresh"));
        }
        assertThat(console.out.toString()).contains("6 cases, 6 failed");
    }
}
