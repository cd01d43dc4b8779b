package org.medficientsam.segmenter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.medficientsam.casefile.CaseFile;

@EnabledOnOs(OS.LINUX)
class LeakTest {
    private static final int REQUESTS = 1000;
    private static final int WARM_UP = 200;
    // A leaked embedding is 48 KiB, a mask 1 MiB, an input 3 MiB; malloc's own ups and downs are about 25 MiB.
    private static final long ALLOWED_BYTES = 36L << 20;

    /** In a process of its own with a heap of fixed size, so that what grows is native memory. */
    @Test
    void aThousandRequestsLeaveNothingBehind() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms96m",
                        "-Xmx96m",
                        "-XX:+AlwaysPreTouch",
                        "-Dmedficientsam.root=" + Scenes.ROOT,
                        "-cp",
                        System.getProperty("java.class.path"),
                        LeakTest.class.getName())
                // JDK 25 warns there of native access; the figures come on the other stream.
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(printed).isZero();
        List<Long> figures = printed.lines().map(Long::valueOf).toList();
        assertThat(figures.get(0)).as("open embeddings").isZero();
        assertThat(figures.get(1))
                .as("growth of RSS over %d requests", REQUESTS - WARM_UP)
                .isLessThan(ALLOWED_BYTES);
    }

    /** Prints how many embeddings are open in the end, and by how much the process grew. */
    public static void main(String[] arguments) throws IOException {
        CaseFile image = Scenes.discs(60, 80, 3, 30, 30, 12, 50, 30, 12);
        CaseFile volume = Scenes.balls(5, 40, 40, 1, 12, 12, 1, 8, 28, 28, 3, 8);
        SegmenterOptions options = SegmenterOptions.threads(2).withCacheBytes(1 << 20);
        // Graphs without weights, so that a thousand requests take seconds.
        try (Segmenter segmenter = Segmenter.open(Scenes.ORIGINAL_SCALED, options)) {
            long before = 0;
            for (int request = 0; request < REQUESTS; request++) {
                if (request == WARM_UP) before = rss();
                if (request % 20 == 0) segmenter.segment(volume);
                else if (request % 20 == 10) stop(segmenter, volume);
                else segmenter.segment(image);
            }
            System.out.println(segmenter.openEmbeddings());
            System.out.println(rss() - before);
        }
    }

    /** Ends half way, with slices on their way and in the cache. */
    private static void stop(Segmenter segmenter, CaseFile volume) {
        try {
            segmenter.segment(volume, (done, total) -> done < 3);
            throw new AssertionError("was not stopped");
        } catch (SegmentationStoppedException e) {
            // as asked
        }
    }

    private static long rss() throws IOException {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
