package org.medficientsam.function.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;
import org.medficientsam.function.service.FunctionMetrics;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemDetail;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.function.service.RequestContext;

/**
 * Answers HTTP events as the REST interface does, by asking it: where {@code quarkus.http.host-enabled} is true on Lambda, it listens
 * on a port inside the sandbox that nothing outside can reach. It is off by default, as every start pays for it.
 */
@ApplicationScoped
class HttpEvents {
    /** Lambda's own limit for what it takes and gives. */
    static final int LONGEST_ANSWER = 6 << 20;

    /** What a client sets itself, or what is true of one connection alone. */
    private static final Set<String> NOT_OURS =
            Set.of("host", "connection", "content-length", "expect", "upgrade", "transfer-encoding");

    private final boolean listens;
    private final int port;
    private final ObjectMapper json;
    private final FunctionMetrics metrics;
    private @Nullable HttpClient client;

    @Inject
    HttpEvents(
            @ConfigProperty(name = "quarkus.http.host-enabled", defaultValue = "true") boolean listens,
            @ConfigProperty(name = "quarkus.http.port", defaultValue = "8080") int port,
            ObjectMapper json,
            FunctionMetrics metrics) {
        this.listens = listens;
        this.port = port;
        this.json = json;
        this.metrics = metrics;
    }

    /** The response to the request in an event, whatever happens to it: Lambda would make any other failure a 502. */
    HttpAnswer answer(JsonNode event, RequestContext context) {
        try {
            if (!listens)
                throw new ProblemException(
                        Problem.NOT_READY, "HTTP events must be switched on (QUARKUS_HTTP_HOST_ENABLED=true)");
            return checked(ask(HttpEvent.of(event), context));
        } catch (IOException | RuntimeException e) {
            metrics.failed(Problem.of(e));
            return refusal(e, context);
        }
    }

    private HttpRequest request(HttpEvent event, RequestContext context) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + event.path()))
                    .method(event.method(), BodyPublishers.ofByteArray(event.body()));
            context.remaining().filter(time -> !time.isZero()).ifPresent(request::timeout);
            event.headers().forEach((name, value) -> {
                String key = name.toLowerCase(Locale.ROOT);
                if (!NOT_OURS.contains(key)) request.setHeader(key, value);
            });
            // The log, the answer and AWS call it the same.
            if (event.headers().keySet().stream().noneMatch("x-request-id"::equalsIgnoreCase))
                request.setHeader("x-request-id", context.id());
            return request.build();
        } catch (IllegalArgumentException e) {
            throw new InvalidCaseException(
                    Reason.MALFORMED, "the event", "an HTTP request", "a method, path or header that none has");
        }
    }

    private HttpAnswer ask(HttpEvent event, RequestContext context) throws IOException {
        try {
            HttpResponse<byte[]> response = client().send(request(event, context), BodyHandlers.ofByteArray());
            Map<String, String> headers = new LinkedHashMap<>();
            response.headers().map().forEach((name, values) -> {
                if (!NOT_OURS.contains(name)) headers.put(name, String.join(", ", values));
            });
            return HttpAnswer.of(response.statusCode(), headers, response.body());
        } catch (java.net.http.HttpTimeoutException e) {
            throw new ProblemException(
                    Problem.DEADLINE_EXCEEDED, "the case must be done before the deadline, but was not");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private synchronized HttpClient client() {
        if (client == null)
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
        return client;
    }

    private static HttpAnswer checked(HttpAnswer answer) {
        if (answer.body().length() <= LONGEST_ANSWER) return answer;
        throw new InvalidCaseException(
                Reason.TOO_LARGE,
                "the answer",
                "at most %d bytes in base64 over Lambda; larger label maps go to S3, with output {s3: prefix}"
                        .formatted(LONGEST_ANSWER),
                "" + answer.body().length());
    }

    private HttpAnswer refusal(Exception failure, RequestContext context) {
        ProblemDetail detail = ProblemDetail.of(failure, context.id());
        try {
            return HttpAnswer.of(
                    detail.status(),
                    Map.of("content-type", ProblemDetail.MEDIA_TYPE, "x-request-id", context.id()),
                    json.writeValueAsBytes(detail));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem must be writable", e);
        }
    }
}
