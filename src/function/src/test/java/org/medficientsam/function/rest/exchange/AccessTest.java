package org.medficientsam.function.rest.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.function.Door;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.rest.RestDoor;

/** Who may ask, where a token is set and few requests are allowed. */
@QuarkusTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestProfile(AccessTest.Shared.class)
class AccessTest {
    /** A shared machine. */
    public static class Shared implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "medficientsam.token",
                    "s3cret",
                    "medficientsam.rate-limit",
                    "30",
                    "medficientsam.wrong-tokens",
                    "50");
        }
    }

    @TestHTTPResource("/")
    URI base = URI.create("");

    private HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers) {
        RestDoor door = new RestDoor(base);
        var request = door.request(path).method(method, BodyPublishers.ofByteArray(body));
        if (headers.length > 0) request.headers(headers);
        return door.send(request.build());
    }

    private static void assertProblem(HttpResponse<byte[]> response, int status, String reason) throws IOException {
        assertThat(response.statusCode()).as(RestDoor.text(response)).isEqualTo(status);
        assertThat(Door.JSON.readTree(response.body()).path("type").asText())
                .isEqualTo("urn:medficientsam:problem:" + reason);
        assertThat(RestDoor.text(response)).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, v1/models",
        "POST, v1/segmentations",
        "POST, v1/images",
        "GET, v1/images/x",
        "GET, q/metrics",
        "GET, q/openapi",
        "GET, q/health/../metrics"
    })
    void withoutTheTokenNothingIsAnswered(String method, String path) throws IOException {
        HttpResponse<byte[]> refused = send(method, path, new byte[0]);

        assertProblem(refused, 401, "unauthorized");
        assertThat(refused.headers().firstValue("www-authenticate")).contains("Bearer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer wrong",
                "Bearer ",
                "Bearer s3cret2",
                "Bearer s3cre",
                "Basic s3cret",
                "Basic czNjcmV0", // s3cret
                "Basic czNjcmV0Og==", // s3cret:
                "Basic !",
                "s3cret"
            })
    void anotherTokenIsNone(String token) throws IOException {
        assertProblem(send("GET", "v1/models", new byte[0], "Authorization", token), 401, "unauthorized");
    }

    @Test
    void healthIsOpenAndTheTokenOpensTheRest() {
        assertThat(send("GET", "q/health/ready", new byte[0]).statusCode()).isEqualTo(200);
        assertThat(send("GET", "v1/models", new byte[0], "Authorization", "Bearer s3cret")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void theTokenMayComeAsAPassword() {
        // any:s3cret
        assertThat(send("GET", "v1/models", new byte[0], "Authorization", "Basic YW55OnMzY3JldA==")
                        .statusCode())
                .isEqualTo(200);
    }

    private HttpResponse<byte[]> postFrom(String origin) {
        return send(
                "POST",
                "v1/segmentations",
                SampleCase.image(),
                "Authorization",
                "Bearer s3cret",
                "Content-Type",
                "application/x-npz",
                "Origin",
                origin);
    }

    @Test
    void aPageFromElsewhereMayChangeNothing() throws IOException {
        String here = "http://localhost:" + base.getPort();
        for (String origin :
                new String[] {"https://evil.example", "http://localhost:1", "null", "http://localhost.evil.example"})
            assertProblem(postFrom(origin), 403, "cross-origin");
        assertProblem(
                send(
                        "DELETE",
                        "v1/images/x",
                        new byte[0],
                        "Authorization",
                        "Bearer s3cret",
                        "Sec-Fetch-Site",
                        "cross-site"),
                403,
                "cross-origin");
        assertThat(postFrom(here).statusCode()).isEqualTo(200);
        HttpResponse<byte[]> preflight = send(
                "OPTIONS",
                "v1/images",
                new byte[0],
                "Origin",
                "https://evil.example",
                "Access-Control-Request-Method",
                "POST");
        assertThat(preflight.headers().firstValue("access-control-allow-origin"))
                .isEmpty();
    }

    @Test
    @Order(Integer.MAX_VALUE) // nothing is left for others
    void moreThanAMinutesShareIsRefusedForAWhile() throws IOException {
        HttpResponse<byte[]> last = send("GET", "q/health", new byte[0]);
        for (int i = 0; i < 40 && last.statusCode() != 429; i++)
            last = send("POST", "v1/images/x/segmentations", new byte[0], "Authorization", "Bearer s3cret");

        assertProblem(last, 429, "rate-limited");
        assertThat(last.headers().firstValue("retry-after")).isPresent();
        assertThat(send("GET", "v1/models", new byte[0], "Authorization", "Bearer s3cret")
                        .statusCode())
                .isEqualTo(200);
    }
}
