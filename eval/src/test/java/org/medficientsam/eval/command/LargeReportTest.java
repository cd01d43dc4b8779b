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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.eval.Csv;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.SmallDataset;
import org.medficientsam.eval.SplitRandom;
import org.medficientsam.eval.run.CaseRow;
import org.medficientsam.eval.run.Machine;
import org.medficientsam.eval.run.RunFolder;
import org.medficientsam.eval.run.RunInfo;
import org.medficientsam.eval.target.ModelInfo;
import org.medficientsam.eval.target.ServedProcess;

/** A report on five runs of 2,000 cases with the pictures it draws by default, in a process of its own with little heap. */
class LargeReportTest {

    @TempDir
    private Path temp = Path.of("");

    private static String file(int i) {
        return "2D_%s_%04d.npz".formatted(Modality.CHALLENGE.get(i % 9), i);
    }

    /** Cases, and label maps that all runs share. */
    private void makeDataset() throws IOException {
        SmallDataset dataset = new SmallDataset(temp.resolve("data"));
        Files.createDirectories(temp.resolve("segs"));
        byte[] found = new byte[64 * 64];
        Arrays.fill(found, 5 * 64, 11 * 64, (byte) 1);
        for (int i = 0; i < 2000; i++) {
            dataset.image(file(i), 64, 64, 1);
            Npz.write(temp.resolve("segs").resolve(file(i)), Map.of("segs", NpyArray.of(found, 64, 64)));
        }
    }

    private Path run(String name, double offset) throws IOException {
        RunFolder folder = new RunFolder(temp.resolve(name));
        folder.writeInfo(new RunInfo(
                name,
                new RunInfo.DatasetInfo(
                        "large",
                        temp.resolve("data").toString(),
                        temp.resolve("data/imgs").toString(),
                        temp.resolve("data/gts").toString(),
                        Map.of("CT", 223),
                        "c0ffee",
                        null),
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
            String file = file(i);
            double dsc = Math.max(0, Math.min(1, random.between(0.6, 0.95) + offset * random.between(0, 1)));
            cases.append("%s,%s,9x9,ok,0.5,1,,,,,,,,,,100,50,\n".formatted(file, modality));
            scores.append(
                    String.format(Locale.ROOT, "%s,%.4f,%.4f%n", file, dsc, dsc).replace("\r", ""));
        }
        Files.createSymbolicLink(folder.segs(), temp.resolve("segs"));
        Files.writeString(folder.cases(), cases);
        Files.writeString(folder.scores(), scores);
        return folder.path();
    }

    @Test
    void twoThousandCasesOfFiveRunsTakeLessThanAMinuteAndAGigabyte() throws IOException, InterruptedException {
        makeDataset();
        List<String> command = new ArrayList<>(List.of(
                ServedProcess.java(),
                "-Xmx700m", // and what the process takes beside its heap: less than a gigabyte in all
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                EvalCommand.class.getName(),
                "report",
                "--out",
                temp.resolve("report").toString()));
        for (int i = 0; i < 5; i++) {
            command.add(run("run" + i, i * 0.02).toString());
        }
        File log = temp.resolve("log").toFile();
        Process report = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        // Processor time, as it depends little on what else the machine is doing: a minute of two processors.
        Duration busy = Duration.ZERO;
        long peakBytes = 0;
        long since = System.nanoTime();
        while (!report.waitFor(100, TimeUnit.MILLISECONDS)) {
            busy = report.info().totalCpuDuration().orElse(busy);
            peakBytes = Math.max(peakBytes, peakRssBytes(report.pid()));
        }
        assertEquals(0, report.exitValue(), () -> read(log.toPath()));
        System.out.printf(
                "report on 5 runs of 2,000 cases: %.1f s, %s of a processor, %d MB%n",
                (System.nanoTime() - since) / 1e9, busy, peakBytes / 1_000_000);
        assertThat(busy).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(120));
        assertThat(peakBytes).isLessThan(1_000_000_000);
        try (Stream<Path> pictures = Files.list(temp.resolve("report/pictures"))) {
            assertThat(pictures).hasSizeBetween(250, 300);
        }
        assertThat(temp.resolve("report/cases.csv")).content().hasLineCount(10_001);
        assertThat(temp.resolve("report/report.html")).content().contains("Order by Average DSC");
    }

    /** As the kernel tells, of a process that lives; 0 elsewhere than on Linux. */
    private static long peakRssBytes(long pid) {
        return read(Path.of("/proc/" + pid + "/status"))
                .lines()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    private static String read(Path log) {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }
}
