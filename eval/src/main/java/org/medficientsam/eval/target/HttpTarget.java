package org.medficientsam.eval.target;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.target.CaseOutcome.Failed;
import org.medficientsam.eval.target.CaseOutcome.Measures;
import org.medficientsam.eval.target.CaseOutcome.Segmented;
import org.medficientsam.eval.target.Retry.Passing;
import org.medficientsam.eval.target.Retry.Settled;

/** The function over REST: {@code POST /v1/segmentations}, npz in, npz out. */
final class HttpTarget implements Target {

    /** What may pass on its own: too many requests, a gateway between deployments, busy or not ready. */
    private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);

    private static final Duration PROBE = Duration.ofSeconds(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String base;
    private final Options options;
    private final Retry retry;
    private final Retry.Revival revival;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PROBE)
            .build();
    private volatile @Nullable ModelInfo answered;

    HttpTarget(String url, Options options) {
        this(url, options, () -> {});
    }

    HttpTarget(String url, Options options, Retry.Revival revival) {
        base = url.replaceFirst("/+$", "");
        this.options = options;
        retry = new Retry(options.patience());
        this.revival = revival;
    }

    @Override
    public void open() throws InterruptedException {
        retry.until(
                number -> isReady() ? new Settled<>(true) : Passing.because("is not ready"),
                revival,
                (attempts, last) -> {
                    throw unavailable(last.trouble());
                });
    }

    /** A service without a readiness probe is taken for ready when it answers at all. */
    private boolean isReady() throws InterruptedException {
        try {
            int status = client.send(get("/q/health/ready"), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            return status == 200 || status == 404;
        } catch (IOException nobodyThere) {
            return false;
        }
    }

    private HttpRequest get(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(PROBE).build();
    }

    @Override
    public @Nullable ModelInfo answered() {
        return answered;
    }

    @Override
    public @Nullable ModelInfo model() {
        ModelInfo seen = answered;
        String wanted = seen == null ? options.model() : seen.id();
        try {
            HttpResponse<String> cards = client.send(get("/v1/models"), HttpResponse.BodyHandlers.ofString());
            return JSON.readValue(cards.body(), new TypeReference<List<ModelCard>>() {}).stream()
                    .filter(card ->
                            wanted == null ? card.isDefault : card.model.id().equals(wanted))
                    .map(ModelCard::model)
                    .findFirst()
                    .orElse(seen);
        } catch (IOException notTold) {
            return seen;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return seen;
        }
    }

    /** An entry of {@code GET /v1/models}. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record ModelCard(
            @JsonUnwrapped ModelInfo model,
            @JsonProperty("default") boolean isDefault) {}

    @Override
    public String peakRssMethod() {
        return OWN_PEAK;
    }

    @Override
    public CaseOutcome segment(Path input) throws InterruptedException {
        return retry.until(number -> attempt(input, number), revival, (attempts, last) -> {
            if (last.connectionBroke() && isReady()) {
                // The service is fine, so this case is what breaks it.
                return new Failed(last.seconds(), attempts, "the connection broke in %d attempts".formatted(attempts));
            }
            throw unavailable(last.trouble());
        });
    }

    private Retry.Attempt<CaseOutcome> attempt(Path input, int number) throws InterruptedException {
        long start = System.nanoTime();
        try {
            HttpResponse<byte[]> response = client.send(post(input), HttpResponse.BodyHandlers.ofByteArray());
            double seconds = (System.nanoTime() - start) / 1e9;
            return PASSING.contains(response.statusCode())
                    ? new Passing<>(
                            "answers " + response.statusCode(),
                            response.headers().firstValue("Retry-After"),
                            false,
                            seconds)
                    : new Settled<>(outcome(response, seconds, number));
        } catch (HttpTimeoutException slow) {
            double seconds = (System.nanoTime() - start) / 1e9;
            String reason = "no answer within %d s".formatted(options.timeout().toSeconds());
            return new Settled<>(new Failed(seconds, number, reason));
        } catch (IOException broken) {
            return new Passing<>(
                    "cannot be reached: " + brief(broken), Optional.empty(), true, (System.nanoTime() - start) / 1e9);
        }
    }

    private TargetUnavailableException unavailable(String what) {
        return new TargetUnavailableException("the target %s %s (tried for %d s)"
                .formatted(base, what, options.patience().toSeconds()));
    }

    private static String brief(IOException broken) {
        return broken.getMessage() == null ? broken.getClass().getSimpleName() : broken.getMessage();
    }

    private HttpRequest post(Path input) throws IOException {
        Map<String, String> query = new TreeMap<>();
        putIfPresent(query, "model", options.model());
        putIfPresent(query, "rules", options.rules());
        StringBuilder uri = new StringBuilder(base).append("/v1/segmentations");
        query.forEach((key, value) -> uri.append(uri.indexOf("?") < 0 ? '?' : '&')
                .append(key)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return HttpRequest.newBuilder(URI.create(uri.toString()))
                .timeout(options.timeout())
                .header("Content-Type", "application/x-npz")
                .header("Accept", "application/x-npz")
                .POST(HttpRequest.BodyPublishers.ofFile(input))
                .build();
    }

    private static void putIfPresent(Map<String, String> query, String key, @Nullable String value) {
        if (value != null) {
            query.put(key, value);
        }
    }

    private CaseOutcome outcome(HttpResponse<byte[]> response, double seconds, int attempt) {
        if (response.statusCode() != 200) {
            return new Failed(seconds, attempt, problem(response));
        }
        HttpHeaders headers = response.headers();
        headers.firstValue("Medficientsam-Model")
                .ifPresent(id -> answered = ModelInfo.answered(
                        id, headers.firstValue("Medficientsam-Model-Sha256").orElse(null)));
        return new Segmented(seconds, attempt, response.body(), measures(headers));
    }

    /** Title and detail of an RFC 9457 problem, or the status alone. */
    private static String problem(HttpResponse<byte[]> response) {
        String status = Integer.toString(response.statusCode());
        try {
            JsonNode problem = JSON.readTree(response.body());
            String title = problem.path("title").asText("");
            String detail = problem.path("detail").asText("");
            return "%s %s: %s".formatted(status, title, detail).replaceFirst("[: ]+$", "");
        } catch (IOException notJson) {
            return status;
        }
    }

    private static Measures measures(HttpHeaders headers) {
        return new Measures(
                stages(headers.firstValue("Server-Timing").orElse("")),
                count(headers, "Medficientsam-Slices-Encoded"),
                count(headers, "Medficientsam-Boxes-Decoded"),
                count(headers, "Medficientsam-Peak-Rss-Bytes"));
    }

    /** {@code read;dur=1.2, encode;dur=34.5} as a map; what does not parse is left out. */
    static Map<String, Double> stages(String serverTiming) {
        Map<String, Double> stages = new TreeMap<>();
        for (String metric : serverTiming.split(",")) {
            String[] parts = metric.strip().split("\\s*;\\s*dur=");
            if (parts.length == 2 && parts[1].matches("\\d+(\\.\\d+)?")) {
                stages.put(parts[0], Double.valueOf(parts[1]));
            }
        }
        return stages;
    }

    private static OptionalLong count(HttpHeaders headers, String name) {
        try {
            return headers.firstValueAsLong(name);
        } catch (NumberFormatException notACount) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void close() {}
}
