package org.medficientsam.function.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.medficientsam.function.rest.RestDoor;
import org.medficientsam.function.rest.ServedJar;

/** S3 on this machine: Adobe's S3Mock in a process of its own, spoken to here without any SDK. */
final class S3Server implements AutoCloseable {
    public static final String CASES = "cases";
    public static final String RESULTS = "results";
    public static final String SECRETS = "secrets";

    private static final Path JAR = Path.of("target", "s3mock", "s3mock.jar");
    private static final Pattern KEY = Pattern.compile("<Key>(.*?)</Key>");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Process process;
    private final URI base;

    private S3Server(Process process, URI base) {
        this.process = process;
        this.base = base;
    }

    /** Returns when it answers. */
    public static S3Server start() throws IOException, InterruptedException {
        int port;
        try (ServerSocket any = new ServerSocket(0)) {
            port = any.getLocalPort();
        }
        Path log = Path.of("target", "s3mock-%d.log".formatted(port));
        Process process = ServedJar.process(
                log,
                Map.of(),
                List.of(
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        JAR.toString(),
                        "--server.port=0",
                        "--http.port=" + port,
                        "--com.adobe.testing.s3mock.store.initial-buckets=%s,%s,%s"
                                .formatted(CASES, RESULTS, SECRETS)));
        S3Server server = new S3Server(process, URI.create("http://127.0.0.1:%d/".formatted(port)));
        for (int tenths = 0; tenths < 1800 && process.isAlive(); tenths++) {
            try {
                if (server.send(HttpRequest.newBuilder(server.base)).statusCode() == 200) {
                    return server;
                }
            } catch (UncheckedIOException notYet) {
                Thread.sleep(100);
            }
        }
        process.destroyForcibly();
        throw new IllegalStateException("S3Mock does not answer, see " + log);
    }

    public URI base() {
        return base;
    }

    /** Writes an object and gives its URI. */
    public String put(String bucket, String key, byte[] content) {
        HttpResponse<byte[]> response =
                send(HttpRequest.newBuilder(at(bucket, key)).PUT(BodyPublishers.ofByteArray(content)));
        if (response.statusCode() != 200) {
            throw new IllegalStateException("PUT answers " + response.statusCode());
        }
        return "s3://" + bucket + "/" + key;
    }

    /** From here on the bucket keeps what is overwritten. */
    public void keepVersions(String bucket) {
        HttpResponse<byte[]> response = send(HttpRequest.newBuilder(base.resolve(bucket + "?versioning"))
                .PUT(BodyPublishers.ofString(
                        "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                                + "<Status>Enabled</Status></VersioningConfiguration>")));
        if (response.statusCode() != 200) {
            throw new IllegalStateException("PUT ?versioning answers " + response.statusCode());
        }
    }

    /** Writes an object into a bucket that keeps versions, and gives this one's id. */
    public String putVersion(String bucket, String key, byte[] content) {
        return send(HttpRequest.newBuilder(at(bucket, key)).PUT(BodyPublishers.ofByteArray(content)))
                .headers()
                .firstValue("x-amz-version-id")
                .orElseThrow();
    }

    public byte[] get(String uri) {
        String[] parts = uri.substring("s3://".length()).split("/", 2);
        HttpResponse<byte[]> response = send(HttpRequest.newBuilder(at(parts[0], parts[1])));
        if (response.statusCode() != 200) {
            throw new IllegalStateException("GET %s answers %d".formatted(uri, response.statusCode()));
        }
        return response.body();
    }

    public List<String> keys(String bucket, String prefix) {
        HttpResponse<byte[]> response = send(HttpRequest.newBuilder(
                base.resolve(bucket + "?list-type=2&prefix=" + URLEncoder.encode(prefix, StandardCharsets.UTF_8))));
        return KEY.matcher(new String(response.body(), StandardCharsets.UTF_8))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private URI at(String bucket, String key) {
        String encoded = URLEncoder.encode(key, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
        return base.resolve(bucket + "/" + encoded);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) {
        return RestDoor.send(http, request.build());
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
