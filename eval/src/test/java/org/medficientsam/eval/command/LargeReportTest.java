package org.medficientsam.eval.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.eval.Csv;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.SplitRandom;
import org.medficientsam.eval.run.CaseRow;
import org.medficientsam.eval.run.Machine;
import org.medficientsam.eval.run.RunFolder;
import org.medficientsam.eval.run.RunInfo;
import org.medficientsam.eval.target.ModelInfo;
import org.medficientsam.eval.target.ServedProcess;

/** A report on five runs of 2,000 cases, in a process of its own with little heap. */
class LargeReportTest {

    @TempDir
    private Path temp = Path.of("");

    private Path run(String name, double offset) throws IOException {
        RunFolder folder = new RunFolder(temp.resolve(name));
        folder.writeInfo(new RunInfo(
                name,
                new RunInfo.DatasetInfo("large", "nowhere", null, null, Map.of("CT", 223), "c0ffee", null),
                "warm:function.jar",
                new ModelInfo(name, "00" + name, "int8", 256, 1L, 1L, "steady"),
                null,
                1,
                900,
                "",
                new Machine("CPU", 2, 16_000_000_000L, "Linux"),
                "VM",
                "1.0",
                "0123456789ab",
                List.of(),
                "2026-01-02T03:04:05Z",
                "2026-01-02T03:14:05Z"));
        SplitRandom random = new SplitRandom(5);
        StringBuilder cases = new StringBuilder(Csv.line(CaseRow.COLUMNS));
        StringBuilder scores = new StringBuilder("case,dsc,nsd\n");
        for (int i = 0; i < 2000; i++) {
            Modality modality = Modality.CHALLENGE.get(i % 9);
            String file = "2D_%s_%04d.npz".formatted(modality, i);
            double dsc = Math.max(0, Math.min(1, random.between(0.6, 0.95) + offset * random.between(0, 1)));
            cases.append("%s,%s,9x9,ok,0.5,1,,,,,,,,,,100,50,\n".formatted(file, modality));
            scores.append(
                    String.format(Locale.ROOT, "%s,%.4f,%.4f%n", file, dsc, dsc).replace("\r", ""));
        }
        Files.writeString(folder.cases(), cases);
        Files.writeString(folder.scores(), scores);
        return folder.path();
    }

    @Test
    void twoThousandCasesOfFiveRunsTakeLessThanAMinuteAndAGigabyte() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ServedProcess.java(),
                "-Xmx400m",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                EvalCommand.class.getName(),
                "report",
                "--no-pictures",
                "--out",
                temp.resolve("report").toString()));
        for (int i = 0; i < 5; i++) {
            command.add(run("run" + i, i * 0.02).toString());
        }
        File log = temp.resolve("log").toFile();
        long start = System.nanoTime();
        Process report = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        assertEquals(0, report.waitFor(), () -> read(log.toPath()));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
        assertThat(temp.resolve("report/cases.csv")).content().hasLineCount(10_001);
        assertThat(temp.resolve("report/report.html")).content().contains("Order by Average DSC");
    }

    private static String read(Path log) {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }
}
