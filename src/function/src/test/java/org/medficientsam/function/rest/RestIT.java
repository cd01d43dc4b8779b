package org.medficientsam.function.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.medficientsam.function.BadCase;
import org.medficientsam.function.Door;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.SegmentationContract;
import org.medficientsam.function.service.MediaTypes;

/** REST from the packaged jar. */
class RestIT extends ServedContract {
    private static ServedJar jar;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        jar = ServedJar.start("rest-it", Map.of("MEDFICIENTSAM_MAX_BODY_SIZE", BadCase.Limit.BODY));
    }

    @AfterAll
    static void stop() {
        jar.close();
    }

    @Override
    protected RestDoor door() {
        return jar.door();
    }

    @Test
    void logIsJsonWithTheRequestIdAndWithoutWhatTheCallerSent() throws IOException {
        door().send(door().request("v1/segmentations?case=Mrs_Miller.npz")
                .header("Content-Type", MediaTypes.NPZ)
                .header("X-Request-Id", "logged-request")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(SampleCase.image()))
                .build());

        String line = jar.log()
                .lines()
                .filter(text -> text.contains("logged-request"))
                .findFirst()
                .orElseThrow();
        assertThat(Door.JSON.readTree(line).at("/mdc/requestId").asText()).isEqualTo("logged-request");
        assertThat(Door.JSON.readTree(line).path("message").asText())
                .contains(SegmentationContract.DEFAULT_MODEL, "2 boxes");
        assertThat(jar.log()).doesNotContain("Miller", "\tat ", System.getProperty("java.home"));
    }
}
