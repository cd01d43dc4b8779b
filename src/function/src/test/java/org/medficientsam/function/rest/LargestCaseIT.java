package org.medficientsam.function.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.medficientsam.function.Door;
import org.medficientsam.function.SampleCase;

/** The largest case that the heap's share allows is answered, and one that is larger is refused by its header. */
class LargestCaseIT {
    /** Of 160 MB of heap 112 MiB are for cases; one of 100 slices needs 110. */
    @Test
    void whatTheHeapHoldsIsAnsweredAndMoreIsRefused() throws IOException, InterruptedException {
        try (ServedJar jar = ServedJar.start("largest-case", Map.of("MEDFICIENTSAM_CONCURRENCY", "1"))) {
            Door.Reply held = jar.door().segment(SampleCase.noise(512, 512, 100, 200, 200, 60, 300, 300, 60));
            assertThat(held.refused())
                    .as(held.raw().substring(0, Math.min(400, held.raw().length())))
                    .isFalse();

            Door.Reply refused = jar.door().segment(SampleCase.flatVolume(512, 512, 130, 200, 200, 60, 300, 300, 60));
            assertThat(refused.json().path("status").asInt()).isEqualTo(413);
            assertThat(jar.door().segment(SampleCase.image()).refused()).isFalse();
        }
    }
}
