package org.medficientsam.eval.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.eval.EllipseFunction;
import org.medficientsam.eval.SmallDataset;
import org.medficientsam.eval.SplitRandom;
import org.medficientsam.eval.run.CaseRow;
import org.medficientsam.eval.run.RunFolder;
import org.medficientsam.eval.target.ServedProcess;

/** A disk that takes small files only, as {@code ulimit -f} makes one for a process: rows fit, one label map does not. */
@EnabledOnOs(OS.LINUX)
class FullDiskTest {

    private static final String BIG = "2D_US_big.npz";

    @TempDir
    private Path temp = Path.of("");

    @Test
    void whatDoesNotFitIsNamedTheRestGoesOnAndTheSameCommandMakesItGood() throws IOException, InterruptedException {
        SmallDataset data = new SmallDataset(temp.resolve("data")).images(4).image(BIG, 24, 32, 1);
        manyBoxes(data.folder());
        try (EllipseFunction function = EllipseFunction.start()) {
            Path run = temp.resolve("run");
            String printed = harness(1, "ulimit -f 12;", function.url(), data.folder(), run);
            assertThat(printed)
                    .contains("1 of 5 cases could not be stored (not stored: ")
                    .contains("free space");
            assertThat(run.resolve("segs")).isDirectoryNotContaining("glob:**.part");
            assertThat(new RunFolder(run).readRows().values())
                    .filteredOn(CaseRow::ok)
                    .hasSize(4);
            assertEquals(5, function.requests());

            harness(0, "", function.url(), data.folder(), run);
            assertEquals(6, function.requests());
            assertThat(new RunFolder(run).readRows().values()).hasSize(5).allMatch(CaseRow::ok);
        }
    }

    /** Labels that hardly compress. */
    private static void manyBoxes(Path folder) throws IOException {
        SplitRandom random = new SplitRandom(5);
        int count = 3000;
        long[] boxes = new long[4 * count];
        for (int i = 0; i < count; i++) {
            int x = random.integer(0, 250);
            int y = random.integer(0, 250);
            System.arraycopy(new long[] {x, y, x + 5, y + 5}, 0, boxes, 4 * i, 4);
        }
        Npz.write(
                folder.resolve("imgs").resolve(BIG),
                Map.of("imgs", NpyArray.of(new byte[256 * 256], 256, 256), "boxes", NpyArray.of(boxes, count, 4)));
        Npz.write(folder.resolve("gts").resolve(BIG), Map.of("gts", NpyArray.of(new byte[256 * 256], 256, 256)));
    }

    private static String harness(int status, String before, String url, Path data, Path run)
            throws IOException, InterruptedException {
        String script = before + " exec \"$0\" -XX:TieredStopAtLevel=1 -Xshare:auto -cp \"$1\""
                + " org.medficientsam.eval.command.EvalCommand run --dataset \"path:$2\" --target \"$3\" --out \"$4\"";
        Process process = new ProcessBuilder(List.of(
                        "bash",
                        "-c",
                        script,
                        ServedProcess.java(),
                        System.getProperty("java.class.path"),
                        data.toString(),
                        url,
                        run.toString()))
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(status, process.waitFor(), printed);
        return printed;
    }
}
