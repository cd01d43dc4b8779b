package org.medficientsam.function.rest.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.rest.RestDoor;
import org.medficientsam.function.service.MediaTypes;

/** Pages of one configured origin may ask, others not; what is refused they may read too. */
@QuarkusTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestProfile(CorsTest.Viewer.class)
class CorsTest {
    private static final String VIEWER = "https://viewer.example";
    private static final String TOKEN = "t0ken-of-this-test";

    /** With a viewer elsewhere. */
    public static class Viewer implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.http.cors.enabled", "true",
                    "quarkus.http.cors.origins", VIEWER,
                    "medficientsam.token", TOKEN,
                    "medficientsam.rate-limit", "8",
                    "medficientsam.wrong-tokens", "3");
        }
    }

    @TestHTTPResource("/")
    URI base = URI.create("");

    private HttpResponse<byte[]> post(String origin) {
        RestDoor door = new RestDoor(base);
        return door.send(door.request("v1/segmentations")
                .headers("Origin", origin, "Content-Type", MediaTypes.NPZ, "Authorization", "Bearer " + TOKEN)
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

    private HttpResponse<byte[]> refused(int status, String path, BodyPublisher body, String... headers) {
        RestDoor door = new RestDoor(base);
        var request = door.request(path).header("Origin", VIEWER).POST(body);
        if (headers.length > 0) request.headers(headers);
        HttpResponse<byte[]> answer = door.send(request.build());
        assertThat(answer.statusCode()).as(RestDoor.text(answer)).isEqualTo(status);
        return answer;
    }

    private static void mayBeRead(HttpResponse<byte[]> answer) {
        assertThat(answer.headers().firstValue("access-control-allow-origin"))
                .as("%d %s", answer.statusCode(), RestDoor.text(answer))
                .contains(VIEWER);
        assertThat(RestDoor.text(answer)).contains("\"detail\"");
    }

    @Test
    @Order(Integer.MAX_VALUE - 1) // no request is left for others
    void whatIsRefusedMayBeReadByThePageThatAsked() {
        String[] token = {"Authorization", "Bearer " + TOKEN};

        mayBeRead(refused(401, "v1/segmentations", BodyPublishers.noBody()));
        mayBeRead(refused(413, "v1/images", BodyPublishers.ofByteArray(new byte[5 << 20]), token));
        mayBeRead(refused(
                415,
                "v1/images",
                BodyPublishers.ofByteArray(new byte[9]),
                token[0],
                token[1],
                "Content-Encoding",
                "br"));
        mayBeRead(refused(414, "v1/images?name=" + "x".repeat(5000), BodyPublishers.noBody(), token));
        mayBeRead(refused(404, "v1/images/none/segmentations", BodyPublishers.ofString("{}"), token));
        HttpResponse<byte[]> last = refused(404, "v1/nothing", BodyPublishers.noBody(), token);
        mayBeRead(last);
        for (int i = 0; i < 9 && last.statusCode() == 404; i++) {
            RestDoor door = new RestDoor(base);
            last = door.send(door.request("v1/nothing")
                    .headers("Origin", VIEWER, token[0], token[1])
                    .POST(BodyPublishers.noBody())
                    .build());
        }
        assertThat(last.statusCode()).isEqualTo(429);
        mayBeRead(last);
    }

    private static HttpResponse<byte[]> guess(RestDoor door, int i) {
        return door.send(door.request("v1/models")
                .headers("Origin", VIEWER, "Authorization", "Bearer wrong" + i)
                .build());
    }

    @Test
    @Order(Integer.MAX_VALUE) // nor any token
    void whoGuessesTokensIsRefusedForAWhileAndSoIsTheRightOne() {
        RestDoor door = new RestDoor(base);
        for (int i = 0; i < 3; i++) assertThat(guess(door, i).statusCode()).isEqualTo(401);

        HttpResponse<byte[]> last = guess(door, 3);

        assertThat(last.statusCode()).isEqualTo(429);
        assertThat(RestDoor.text(last)).contains("3 wrong tokens a minute").doesNotContain(TOKEN);
        assertThat(last.headers().firstValue("retry-after")).isPresent();
        mayBeRead(last);
        assertThat(door.send(door.request("v1/models")
                                .header("Authorization", "Bearer " + TOKEN)
                                .build())
                        .statusCode())
                .as("otherwise guessing could go on")
                .isEqualTo(429);
        assertThat(door.get("v1/models").statusCode()).as("nothing was tried").isEqualTo(401);
    }
}
