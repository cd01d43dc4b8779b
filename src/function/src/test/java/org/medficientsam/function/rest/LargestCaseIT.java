package org.medficientsam.function.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.medficientsam.function.Door;
import org.medficientsam.function.SampleCase;

/** The largest case that the heap's share allows is answered, and one that is larger is refused by its header. */
class LargestCaseIT {
    /** 160 MB of heap x 0.8 / 4.25 are 30 MB for the only case at a time. */
    @Test
    void whatTheHeapHoldsIsAnsweredAndMoreIsRefused() throws IOException, InterruptedException {
        try (ServedJar jar = ServedJar.start("largest-case", Map.of("MEDFICIENTSAM_CONCURRENCY", "1"))) {
            Door.Reply held = jar.door().segment(SampleCase.noise(512, 512, 119, 200, 200, 60, 300, 300, 60));
            assertThat(held.refused())
                    .as(held.raw().substring(0, Math.min(400, held.raw().length())))
                    .isFalse();

            Door.Reply refused = jar.door().segment(SampleCase.flatVolume(512, 512, 130, 200, 200, 60, 300, 300, 60));
            assertThat(refused.json().path("status").asInt()).isEqualTo(413);
            assertThat(jar.door().segment(SampleCase.image()).refused()).isFalse();
        }
    }
}
