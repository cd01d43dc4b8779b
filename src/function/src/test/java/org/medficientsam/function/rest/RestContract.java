package org.medficientsam.function.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.function.BadCase;
import org.medficientsam.function.Door;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.SegmentationContract;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.function.service.ProblemDetail;
import org.medficientsam.segmenter.Rules;

/** What HTTP adds to the {@link SegmentationContract}. */
public abstract class RestContract extends SegmentationContract {
    @Override
    protected abstract RestDoor door();

    private HttpResponse<byte[]> post(String contentType, String accept) {
        return door().post(BodyPublishers.ofByteArray(SampleCase.image()), Map.of(), contentType, accept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/x-npz", "application/*", "image/png;q=0.5, application/x-npz"})
    void npzIsTheDefaultAnswer(String accept) {
        HttpResponse<byte[]> response = post(MediaTypes.ZIP, accept);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains(MediaTypes.NPZ);
        assertThat(Npz.read(response.body(), Limits.DEFAULT).get("segs").shape())
                .containsExactly(120, 150);
    }

    @Test
    void pictureIsAnsweredAsPng() throws IOException {
        HttpResponse<byte[]> response = post(MediaTypes.OCTETS, MediaTypes.PNG);

        assertThat(response.headers().firstValue("content-type")).contains(MediaTypes.PNG);
        assertThat(ImageIO.read(new ByteArrayInputStream(response.body())).getWidth())
                .isGreaterThanOrEqualTo(150);
    }

    @Test
    void headersSayHowTheAnswerCameAbout() {
        HttpHeaders headers = post(MediaTypes.NPZ, MediaTypes.NPZ).headers();

        assertThat(headers.firstValue("server-timing").orElseThrow())
                .matches("read;dur=[0-9.]+, resize;dur=[0-9.]+, encode;dur=[0-9.]+, decode;dur=[0-9.]+,"
                        + " mask;dur=[0-9.]+, write;dur=[0-9.]+");
        assertThat(headers.allValues("medficientsam-model")).containsExactly(SegmentationContract.DEFAULT_MODEL);
        assertThat(headers.firstValue("medficientsam-model-sha256").orElseThrow())
                .matches("[0-9a-f]{64}");
        assertThat(headers.allValues("medficientsam-rules")).containsExactly("steady");
        assertThat(headers.allValues("medficientsam-slices-encoded")).containsExactly("1");
        assertThat(headers.allValues("medficientsam-boxes-decoded")).containsExactly("2");
        assertThat(headers.firstValueAsLong("medficientsam-peak-rss-bytes").orElseThrow())
                .isGreaterThan(50 << 20);
        assertThat(headers.firstValue("vary").orElseThrow()).isEqualToIgnoringCase("Accept");
    }

    @Test
    void headIsAnsweredAsGetWithoutItsBody() {
        HttpResponse<byte[]> get = door().get("v1/models");

        HttpResponse<byte[]> head = door().send(door().request("v1/models")
                .method("HEAD", BodyPublishers.noBody())
                .build());

        assertThat(head.statusCode()).isEqualTo(get.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("content-type"))
                .isPresent()
                .isEqualTo(get.headers().firstValue("content-type"));
        assertThat(head.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"v1/segmentations, POST", "v1/models, GET"})
    void optionsNameTheMethods(String path, String method) {
        HttpResponse<byte[]> options = door().send(door().request(path)
                .method("OPTIONS", BodyPublishers.noBody())
                .build());

        assertThat(options.statusCode()).isBetween(200, 204);
        assertThat(options.headers().firstValue("allow").orElseThrow()).contains(method, "OPTIONS");
    }

    @Test
    void requestIdIsEchoedUnlessItCouldForgeALogLine() {
        var request = door().request("v1/models");

        assertThat(door().send(request.copy().header("X-Request-Id", "case-17").build())
                        .headers()
                        .firstValue("x-request-id"))
                .contains("case-17");
        assertThat(door().send(request.copy()
                                .header("X-Request-Id", "a\tINFO all is well")
                                .build())
                        .headers()
                        .firstValue("x-request-id")
                        .orElseThrow())
                .matches("[0-9a-f-]{36}");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  v1/segmentations, 405, method-not-allowed",
        "PUT,  v1/segmentations, 405, method-not-allowed",
        "POST, v1/models,        405, method-not-allowed",
        "GET,  v1/nothing,       404, not-found",
        "GET,  nothing,          404, not-found",
        "GET,  q/nothing,        404, not-found",
        "GET,  v1/models/nano,   404, not-found"
    })
    void whatHttpItselfRefusesIsAProblemToo(String method, String path, int status, String reason) throws IOException {
        HttpResponse<byte[]> response = door().send(door().request(path)
                .method(method, BodyPublishers.noBody())
                .build());

        assertProblem(response, status, reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/json", "nonsense"})
    void otherMediaTypesAreRefused(String contentType) throws IOException {
        assertProblem(post(contentType, MediaTypes.NPZ), 415, "unsupported-media-type");
        assertThat(door().segment(SampleCase.image()).refused()).isFalse();
    }

    @Test
    void otherAnswersAreRefused() throws IOException {
        assertProblem(post(MediaTypes.NPZ, "text/html"), 406, "not-acceptable");
    }

    @Test
    void bodyOfUnknownLengthMeetsTheCapToo() throws IOException {
        byte[] body = BadCase.BODY_OVER_THE_CAP.npz();
        HttpResponse<byte[]> response = door().post(
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)),
                        Map.of(),
                        MediaTypes.NPZ,
                        MediaTypes.NPZ);

        assertProblem(response, 413, "too-large");
        assertThat(door().segment(SampleCase.image()).refused()).isFalse();
    }

    private static void assertProblem(HttpResponse<byte[]> response, int status, String reason) throws IOException {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains(ProblemDetail.MEDIA_TYPE);
        JsonNode problem = Door.JSON.readTree(response.body());
        assertThat(problem.path("type").asText()).isEqualTo("urn:medficientsam:problem:" + reason);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("detail").asText()).isNotEmpty();
    }

    @Test
    void modelsListsTheBundlesAndMarksTheDefault() throws IOException {
        JsonNode models = Door.JSON.readTree(door().get("v1/models").body());

        assertThat(models)
                .filteredOn(model -> model.path("default").asBoolean())
                .singleElement()
                .satisfies(model -> {
                    assertThat(model.path("id").asText()).isEqualTo(SegmentationContract.DEFAULT_MODEL);
                    assertThat(model.path("architecture").asText()).isEqualTo("nano");
                    assertThat(model.path("inputSize").asInt()).isEqualTo(512);
                    assertThat(model.path("supportedRules"))
                            .extracting(JsonNode::asText)
                            .startsWith(model.path("rules").asText())
                            .containsExactlyInAnyOrderElementsOf(Rules.names());
                    assertThat(model.path("sha256"))
                            .isEqualTo(door().segment(SampleCase.image()).json().at("/model/sha256"));
                });
    }

    @Test
    void healthIsUpAndReadyOnceWarm() throws IOException {
        assertThat(door().get("q/health/live").statusCode()).isEqualTo(200);
        HttpResponse<byte[]> ready = door().get("q/health/ready");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(Door.JSON.readTree(ready.body()).at("/checks/0/status").asText())
                .isEqualTo("UP");
    }

    @Test
    void metricsCountCasesFailuresByReasonStagesAndMemory() {
        door().segment(SampleCase.image());
        door().segment(BadCase.BOX_NAN.npz());

        assertThat(RestDoor.text(door().get("q/metrics")))
                .containsPattern("medficientsam_cases_total\\{model=\"%s\"\\} [1-9]"
                        .formatted(SegmentationContract.DEFAULT_MODEL))
                .containsPattern("medficientsam_failures_total\\{reason=\"invalid-prompt\"\\} [1-9]")
                .containsPattern("medficientsam_failures_total\\{reason=\"internal\"\\} 0")
                .containsPattern("medficientsam_stage_seconds_sum\\{model=\"%s\",stage=\"encode\"\\} [0-9]"
                        .formatted(SegmentationContract.DEFAULT_MODEL))
                .containsPattern("medficientsam_peak_rss_bytes [1-9]")
                .containsPattern("http_server_requests_seconds_count\\{.*uri=\"/v1/segmentations\"");
    }
}
