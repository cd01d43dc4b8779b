package org.medficientsam.function.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.medficientsam.function.BadCase;
import org.medficientsam.function.SampleCase;

/** One process, as Lambda keeps it, through a thousand invocations: nothing piles up. */
class LambdaSoakIT {
    private static final int WARM = 50;
    private static final int INVOCATIONS = 1000;

    /** The fastest, so that a thousand take a minute; the code around it is the same. */
    private static final Map<String, String> NANO = Map.of(
            "MEDFICIENTSAM_BUNDLES",
            Path.of(System.getProperty("repository.root"), "models/bundles")
                    .toAbsolutePath()
                    .toString(),
            "MEDFICIENTSAM_BUNDLE",
            "nano-int8");

    /** What the heap's own growing up to its -Xmx and the allocator's rounding may add; a leaked embedding each would be 1 GB. */
    private static final long MOST_GROWTH = 48L << 20;

    /** What the kernel says of a process. */
    private record Held(long rssBytes, long files, long threads) {
        static Held by(long pid) throws IOException {
            Path proc = Path.of("/proc", Long.toString(pid));
            long rss = Files.readAllLines(proc.resolve("status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElseThrow();
            return new Held(rss, count(proc.resolve("fd")), count(proc.resolve("task")));
        }

        private static long count(Path folder) throws IOException {
            try (Stream<Path> entries = Files.list(folder)) {
                return entries.count();
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void memoryFilesAndThreadsStayAfterTheFirstFifty() throws IOException {
        byte[] image = SampleCase.image();
        byte[] bad = BadCase.BOX_NAN.npz();
        try (LambdaRuntime lambda = LambdaRuntime.start(
                "lambda-soak-it", "org.medficientsam.function.lambda.SegmentHandler::handleRequest", NANO)) {
            byte[] first = lambda.segment(image).segsNpz();
            for (int i = 1; i < WARM; i++) {
                lambda.segment(i % 10 == 0 ? bad : image);
            }
            Held warm = Held.by(lambda.pid());
            long[] rss = new long[INVOCATIONS - WARM];
            for (int i = WARM; i < INVOCATIONS; i++) {
                lambda.segment(i % 10 == 0 ? bad : image);
                rss[i - WARM] = Held.by(lambda.pid()).rssBytes;
            }
            Held after = Held.by(lambda.pid());

            System.out.printf(
                    "RSS after %d invocations %d MB, after %d %d MB (most %d MB); files %d, %d; threads %d, %d%n",
                    WARM,
                    warm.rssBytes >> 20,
                    INVOCATIONS,
                    after.rssBytes >> 20,
                    Arrays.stream(rss).max().orElseThrow() >> 20,
                    warm.files,
                    after.files,
                    warm.threads,
                    after.threads);
            assertThat(after.rssBytes).isLessThan(warm.rssBytes + MOST_GROWTH);
            assertThat(after.files).isLessThanOrEqualTo(warm.files + 2);
            assertThat(after.threads).isLessThanOrEqualTo(warm.threads + 2);
            assertThat(lambda.segment(image).segsNpz()).isEqualTo(first);
        }
    }
}
