package org.medficientsam.function.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.medficientsam.function.Door;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.function.service.ProblemDetail;

/** What a process that listens adds to the {@link RestContract}: it describes itself, for which a Lambda has no use. */
abstract class ServedContract extends RestContract {
    @Test
    void longAddressesAndHeadersAreProblemsToo() throws IOException {
        JsonNode address =
                Door.JSON.readTree(door().get("v1/models?x=" + "x".repeat(6000)).body());
        assertThat(address.path("status").asInt()).isEqualTo(414);
        assertThat(address.path("detail").asText()).isEqualTo("the address must be shorter");

        JsonNode headers = Door.JSON.readTree(door().send(door().request("v1/models")
                        .header("X-Long", "x".repeat(30_000))
                        .build())
                .body());
        assertThat(headers.path("status").asInt()).isEqualTo(431);
        assertThat(headers.path("type").asText()).isEqualTo("urn:medficientsam:problem:bad-request");
    }

    @Test
    void openApiDescribesBodiesHeadersAndProblems() throws IOException {
        JsonNode api = Door.JSON.readTree(door().get("q/openapi?format=json").body());

        JsonNode operation = api.path("paths").path("/v1/segmentations").path("post");
        assertThat(operation.path("requestBody").path("content").fieldNames())
                .toIterable()
                .containsAll(MediaTypes.CASES);
        assertThat(operation.path("parameters"))
                .extracting(p -> p.path("name").asText())
                .contains("model", "rules", "case");
        JsonNode ok = operation.path("responses").path("200");
        assertThat(ok.path("content").fieldNames())
                .toIterable()
                .contains(
                        "application/x-npz",
                        "application/json",
                        "image/png",
                        "application/gzip",
                        "application/geo+json");
        assertThat(api.at("/components/parameters/format/schema/enum"))
                .extracting(JsonNode::asText)
                .startsWith(
                        "npz",
                        "json",
                        "overlay",
                        "labels",
                        "nifti",
                        "geojson",
                        "coco",
                        "masks",
                        "probabilities",
                        "bits");
        assertThat(ok.path("headers").fieldNames())
                .toIterable()
                .contains(
                        "Server-Timing",
                        "Medficientsam-Model",
                        "Medficientsam-Model-Sha256",
                        "Medficientsam-Rules",
                        "Medficientsam-Slices-Encoded",
                        "Medficientsam-Boxes-Decoded",
                        "Medficientsam-Peak-Rss-Bytes");
        for (String status : new String[] {"400", "406", "413", "415", "422", "500", "503"}) {
            assertThat(operation.path("responses").path(status).path("content").fieldNames())
                    .as(status)
                    .toIterable()
                    .containsExactly(ProblemDetail.MEDIA_TYPE);
        }
        assertThat(operation.path("responses").path("503").path("headers").has("Retry-After"))
                .isTrue();
        assertThat(api.at("/components/schemas/Problem/properties").fieldNames())
                .toIterable()
                .contains("type", "title", "status", "detail", "field", "requestId");
    }
}
