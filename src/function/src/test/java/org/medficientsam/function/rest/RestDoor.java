package org.medficientsam.function.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.medficientsam.function.Door;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.function.service.ProblemDetail;

/** Over HTTP, as a person or the harness comes in. */
public final class RestDoor implements Door {
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(60)).build();
    private final URI base;

    public RestDoor(URI base) {
        this.base = base;
    }

    @Override
    public Reply segment(byte[] npz, Map<String, String> options) {
        HttpResponse<byte[]> response = post(BodyPublishers.ofByteArray(npz), options, MediaTypes.NPZ, MediaTypes.JSON);
        try {
            Reply reply = new Reply(
                    response.statusCode() != 200, JSON.readTree(response.body()), headers(response) + text(response));
            if (reply.refused()) {
                assertThat(response.headers().firstValue("content-type")).contains(ProblemDetail.MEDIA_TYPE);
                assertThat(reply.json().path("status").asInt()).isEqualTo(response.statusCode());
            }
            return reply;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A figure by its name and labels, as they are printed.
     *
     * @throws java.util.NoSuchElementException if there is none of that name
     */
    public double metric(String name) {
        return text(get("q/metrics"))
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    public HttpResponse<byte[]> post(
            BodyPublisher body, Map<String, String> options, String contentType, String accept) {
        String query = options.entrySet().stream()
                .map(option -> option.getKey() + "=" + URLEncoder.encode(option.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", "?", ""));
        return send(request("v1/segmentations" + query)
                .header("Content-Type", contentType)
                .header("Accept", accept)
                .POST(body)
                .build());
    }

    public HttpResponse<byte[]> get(String path) {
        return send(request(path).build());
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve("/").resolve(path)).timeout(Duration.ofSeconds(300));
    }

    public HttpResponse<byte[]> send(HttpRequest request) {
        return send(http, request);
    }

    /** Waits for an answer, as any client of a test does. */
    public static HttpResponse<byte[]> send(HttpClient http, HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static String headers(HttpResponse<byte[]> response) {
        return response.headers().map().toString();
    }
}
