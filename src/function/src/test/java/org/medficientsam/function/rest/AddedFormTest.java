package org.medficientsam.function.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.medficientsam.function.Door;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.answer.VoxelCountForm;

/** A new form of an answer is one class, here {@link VoxelCountForm}: all else follows from it. */
@QuarkusTest
class AddedFormTest {
    @TestHTTPResource("/")
    URI root = URI.create("");

    @Test
    void formatChoosesItByItsWord() {
        answersWithCount(post(Map.of("format", "voxel-count"), "*/*"));
    }

    @Test
    void acceptChoosesItByItsType() {
        answersWithCount(post(Map.of(), "text/csv"));
    }

    @Test
    void openApiListsItsWordAndItsType() throws IOException {
        JsonNode api = Door.JSON.readTree(door().get("q/openapi?format=json").body());

        JsonNode operation = api.path("paths").path("/v1/segmentations").path("post");
        assertThat(operation.at("/responses/200/content").has("text/csv")).isTrue();
        assertThat(operation.path("parameters").findPath("enum"))
                .extracting(JsonNode::asText)
                .contains("voxel-count");
    }

    @Test
    void messagesListIt() {
        assertThat(post(Map.of("format", "nonsense"), "*/*").body()).asString().contains("bits, voxel-count");
        assertThat(post(Map.of(), "text/html").body()).asString().contains("application/geo+json, text/csv");
    }

    private static void answersWithCount(HttpResponse<byte[]> response) {
        assertThat(response.headers().firstValue("content-type")).hasValue("text/csv");
        assertThat(response.body()).asString().isEqualTo("voxels\n%d\n".formatted(64 * 48));
    }

    private RestDoor door() {
        return new RestDoor(root);
    }

    private HttpResponse<byte[]> post(Map<String, String> options, String accept) {
        return door().post(
                        BodyPublishers.ofByteArray(SampleCase.image(64, 48, 1, 1, 9, 9)),
                        options,
                        "application/x-npz",
                        accept);
    }
}
