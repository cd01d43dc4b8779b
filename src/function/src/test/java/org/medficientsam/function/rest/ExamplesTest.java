package org.medficientsam.function.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.medficientsam.function.Door;
import org.medficientsam.function.SegmentationContract;

/** Every example that the OpenAPI document shows is carried out as it stands, on the images that its own examples post. */
@QuarkusTest
class ExamplesTest {
    private static final Path SAMPLES = SegmentationContract.ROOT.resolve("src/samples");

    @TestHTTPResource("/")
    URI base = URI.create("");

    private JsonNode api() throws IOException {
        return Door.JSON.readTree(
                new RestDoor(base).get("q/openapi?format=json").body());
    }

    private static JsonNode resolved(JsonNode api, JsonNode node) {
        return node.has("$ref") ? api.at(node.path("$ref").asText().substring(1)) : node;
    }

    /** Headers and one query for each example of a parameter that has several. */
    private record Call(Map<String, String> headers, List<String> queries, String path) {}

    private static Call call(JsonNode api, String path, JsonNode operation, String id) {
        Map<String, String> headers = new LinkedHashMap<>();
        List<String> queries = new ArrayList<>(List.of("?"));
        String filled = path.replace("{id}", id);
        for (JsonNode each : operation.path("parameters")) {
            JsonNode parameter = resolved(api, each);
            String name = parameter.path("name").asText();
            String example = parameter.path("example").asText();
            switch (parameter.path("in").asText()) {
                case "header" -> headers.put(name, example);
                case "path" -> filled = filled.replace("{" + name + "}", example);
                default -> {
                    List<String> values = new ArrayList<>();
                    if (!example.isEmpty()) values.add(example);
                    parameter
                            .path("examples")
                            .forEach(value -> values.add(value.path("value").asText()));
                    List<String> more = new ArrayList<>();
                    for (String value : values) for (String query : queries) more.add(query + name + "=" + value + "&");
                    if (!more.isEmpty()) queries = more;
                }
            }
        }
        return new Call(headers, queries, filled);
    }

    private HttpResponse<byte[]> send(String method, Call call, String query, BodyPublisher body) {
        RestDoor door = new RestDoor(base);
        HttpRequest.Builder request =
                door.request(call.path().substring(1) + query).method(method, body);
        call.headers().forEach(request::header);
        return door.send(request.build());
    }

    @Test
    void everyExampleIsAnswered() throws IOException {
        JsonNode api = api();
        JsonNode paths = api.path("paths");
        JsonNode post = paths.path("/v1/images").path("post");
        JsonNode files = post.at("/requestBody/content/application~1octet-stream/examples");
        JsonNode boxes = paths.path("/v1/images/{id}/segmentations")
                .path("post")
                .at("/requestBody/content/application~1json/examples");
        assertThat(files.size()).isEqualTo(3).isEqualTo(boxes.size());
        int answered = 0;
        for (var file : files.properties()) {
            byte[] bytes = Files.readAllBytes(
                    SAMPLES.resolve(file.getValue().path("externalValue").asText()));
            Call keep = call(api, "/v1/images", post, "");
            HttpResponse<byte[]> created = send("POST", keep, keep.queries().get(0), BodyPublishers.ofByteArray(bytes));
            assertThat(created.statusCode()).as(RestDoor.text(created)).isEqualTo(201);
            String id = Door.JSON.readTree(created.body()).path("id").asText();
            for (var path : paths.properties()) {
                if (!path.getKey().startsWith("/v1/images/{id}")) continue;
                for (var operation : path.getValue().properties()) {
                    if (operation.getKey().equals("delete")) continue;
                    Call call = call(api, path.getKey(), operation.getValue(), id);
                    BodyPublisher body = operation.getKey().equals("post")
                            ? BodyPublishers.ofString(
                                    boxes.path(file.getKey()).path("value").toString())
                            : BodyPublishers.noBody();
                    for (String query : call.queries()) {
                        HttpResponse<byte[]> response =
                                send(operation.getKey().toUpperCase(java.util.Locale.ROOT), call, query, body);
                        assertThat(response.statusCode())
                                .as(operation.getKey() + " " + call.path() + query + " " + RestDoor.text(response))
                                .isEqualTo(200);
                        String type = response.headers()
                                .firstValue("content-type")
                                .orElseThrow()
                                .replaceFirst(";.*", "");
                        assertThat(operation
                                        .getValue()
                                        .at("/responses/200/content")
                                        .fieldNames())
                                .toIterable()
                                .contains(type);
                        answered++;
                    }
                }
            }
            JsonNode delete = paths.path("/v1/images/{id}").path("delete");
            Call gone = call(api, "/v1/images/{id}", delete, id);
            assertThat(send("DELETE", gone, "", BodyPublishers.noBody()).statusCode())
                    .isEqualTo(204);
        }
        assertThat(answered).isGreaterThanOrEqualTo(3 * (4 + 6));
    }
}
