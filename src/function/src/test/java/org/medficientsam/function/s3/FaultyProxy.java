package org.medficientsam.function.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands between the function and S3 and makes the next requests go wrong, as S3 has bad moments too. */
final class FaultyProxy implements AutoCloseable {
    /** What can happen to a request. */
    public enum Fault {
        INTERNAL_ERROR(500, "InternalError"),
        SLOW_DOWN(503, "SlowDown"),
        ACCESS_DENIED(403, "AccessDenied"),
        /** Half of the body, then the connection closes. */
        BREAKS_OFF(200, "");

        private final int status;
        private final String code;

        Fault(int status, String code) {
            this.status = status;
            this.code = code;
        }
    }

    private record Planned(String method, Fault fault) {}

    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "host", "content-length", "expect", "transfer-encoding", "upgrade");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Planned> planned = new ConcurrentLinkedQueue<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final HttpServer server;
    private final URI target;

    public FaultyProxy(URI target) throws IOException {
        this.target = target;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The next requests of that method go wrong, so many times. */
    public void plan(String method, Fault fault, int times) {
        Collections.nCopies(times, new Planned(method, fault)).forEach(planned::add);
    }

    /** Whether everything planned has happened. */
    public boolean isSpent() {
        return planned.isEmpty();
    }

    public void forget() {
        planned.clear();
        requests.clear();
    }

    /** Methods of the requests since the last {@link #forget}. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add(exchange.getRequestMethod());
            byte[] body = exchange.getRequestBody().readAllBytes();
            Planned next = planned.peek();
            Fault fault =
                    next != null && next.method.equals(exchange.getRequestMethod()) ? planned.remove().fault : null;
            if (fault != null && fault != Fault.BREAKS_OFF) {
                refuse(exchange, fault);
                return;
            }
            HttpResponse<byte[]> response = forward(exchange, body);
            response.headers().map().forEach((name, values) -> {
                if (!name.startsWith(":") && !HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT))) {
                    values.forEach(value -> exchange.getResponseHeaders().add(name, value));
                }
            });
            if (exchange.getRequestMethod().equals("HEAD")) {
                response.headers().firstValue("content-length").ifPresent(length -> exchange.getResponseHeaders()
                        .add("Content-Length", length));
                exchange.sendResponseHeaders(response.statusCode(), -1);
                return;
            }
            int length = response.body().length;
            exchange.sendResponseHeaders(response.statusCode(), length == 0 ? -1 : length);
            exchange.getResponseBody().write(response.body(), 0, fault == null ? length : length / 2);
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        target.resolve(exchange.getRequestURI().toString()))
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try {
            return client.send(request.build(), BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void refuse(HttpExchange exchange, Fault fault) throws IOException {
        byte[] error = "<Error><Code>%s</Code><Message>planned</Message></Error>"
                .formatted(fault.code)
                .getBytes(StandardCharsets.UTF_8);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.getResponseHeaders().add("Content-Type", "application/xml");
        exchange.sendResponseHeaders(fault.status, head ? -1 : error.length);
        if (!head) {
            exchange.getResponseBody().write(error);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
