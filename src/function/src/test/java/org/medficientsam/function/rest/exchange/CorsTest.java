package org.medficientsam.function.rest.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.rest.RestDoor;
import org.medficientsam.function.service.MediaTypes;

/** Pages of one configured origin may ask, others not. */
@QuarkusTest
@TestProfile(CorsTest.Viewer.class)
class CorsTest {
    private static final String VIEWER = "https://viewer.example";

    /** With a viewer elsewhere. */
    public static class Viewer implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.http.cors.enabled", "true", "quarkus.http.cors.origins", VIEWER);
        }
    }

    @TestHTTPResource("/")
    URI base = URI.create("");

    private HttpResponse<byte[]> post(String origin) {
        RestDoor door = new RestDoor(base);
        return door.send(door.request("v1/segmentations")
                .headers("Origin", origin, "Content-Type", MediaTypes.NPZ)
                .POST(BodyPublishers.ofByteArray(SampleCase.image()))
                .build());
    }

    @Test
    void theConfiguredOriginIsAnsweredAndMayRead() {
        HttpResponse<byte[]> answer = post(VIEWER);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("access-control-allow-origin")).contains(VIEWER);
    }

    @Test
    void anotherOriginIsRefused() {
        HttpResponse<byte[]> refused = post("https://evil.example");

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("access-control-allow-origin")).isEmpty();
    }
}
