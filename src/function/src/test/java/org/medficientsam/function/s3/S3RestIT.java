package org.medficientsam.function.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medficientsam.function.Door;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.rest.RestContract;
import org.medficientsam.function.rest.RestDoor;
import org.medficientsam.function.rest.ServedJar;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.function.service.ProblemDetail;

/** REST by reference, where the settings allow it; that it is refused otherwise is part of {@link RestContract}. */
class S3RestIT extends S3Scenario {
    private static ServedJar jar;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(environment());
        environment.put("MEDFICIENTSAM_S3_REST", "true");
        jar = ServedJar.start("s3-rest-it", environment);
    }

    @AfterAll
    static void stop() {
        jar.close();
    }

    @Test
    void referenceToReferenceGivesTheSameLabelMapAsNpz() throws IOException {
        String input = s3.put(S3Server.CASES, "rest.npz", SampleCase.image());

        HttpResponse<byte[]> response = post(event(input, "s3://results/segs/rest/"));

        assertThat(response.statusCode()).as(RestDoor.text(response)).isEqualTo(200);
        JsonNode result = Door.JSON.readTree(response.body());
        String segs = result.path("segs").path("s3").asText();
        assertThat(segs).startsWith("s3://results/segs/rest/rest.");
        assertThat(s3.get(segs))
                .isEqualTo(jar.door().segment(SampleCase.image()).segsNpz());
        assertThat(Door.JSON.readTree(s3.get(segs.replace(".npz", ".json")))).isEqualTo(result);
    }

    @Test
    void referenceInNpzOut() throws IOException {
        String input = s3.put(S3Server.CASES, "inline.npz", SampleCase.volume());

        HttpResponse<byte[]> response = post("{\"input\": {\"s3\": \"%s\"}}".formatted(input));

        assertThat(response.statusCode()).as(RestDoor.text(response)).isEqualTo(200);
        assertThat(Door.JSON.readTree(response.body()).at("/segs/npz").binaryValue())
                .isEqualTo(jar.door().segment(SampleCase.volume()).segsNpz());
    }

    @ParameterizedTest
    @CsvSource({
        "s3://secrets/x.npz, s3://results/segs/, 403, object-forbidden",
        "s3://cases/x.npz,   s3://secrets/,      403, object-forbidden",
        "s3://cases/no.npz,  s3://results/segs/, 404, object-not-found",
        "http://cases/x.npz, s3://results/segs/, 400, malformed"
    })
    void whatMayNotOrCannotBeReadIsRefused(String input, String output, int status, String reason) throws IOException {
        s3.put(S3Server.SECRETS, "x.npz", SampleCase.image());
        s3.put(S3Server.CASES, "x.npz", SampleCase.image());

        assertProblem(post(event(input, output)), status, reason);

        assertThat(proxy.requests()).doesNotContain("PUT", "GET");
    }

    @Test
    void bodyThatIsNoReferenceIsRefused() throws IOException {
        assertProblem(post("{"), 400, "malformed");
        assertProblem(post("{}"), 400, "malformed");
        assertProblem(post("{\"input\": \"%s\"}".formatted("x".repeat(64 << 10))), 413, "too-large");
    }

    private static String event(String input, String output) {
        return "{\"input\": {\"s3\": \"%s\"}, \"output\": {\"s3\": \"%s\"}}".formatted(input, output);
    }

    private static HttpResponse<byte[]> post(String event) {
        return jar.door().post(BodyPublishers.ofString(event), Map.of(), MediaTypes.JSON, MediaTypes.JSON);
    }

    private static void assertProblem(HttpResponse<byte[]> response, int status, String reason) throws IOException {
        assertThat(response.statusCode()).as(RestDoor.text(response)).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains(ProblemDetail.MEDIA_TYPE);
        assertThat(Door.JSON.readTree(response.body()).path("type").asText())
                .isEqualTo("urn:medficientsam:problem:" + reason);
    }
}
