package org.medficientsam.eval;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.medficientsam.casefile.Box;
import org.medficientsam.casefile.Box2D;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.casefile.npz.LabelMapNpz;

/**
 * The function's wire, with an ellipse in each box for a model: a real process on a real port (or a command line), so that the
 * harness can be tried before and without the real one. As a main class: {@code segment IN -o OUT} or serving.
 */
public final class EllipseFunction implements AutoCloseable {

    /** Models, and how large their ellipses are. */
    private static final Map<String, Double> SIZES = Map.of("ellipse", 1.0, "shrunk", 0.6);

    private final HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile String hash = "00ff";

    /** Answers in place of the segmentation; null to go on. */
    public interface Interception {
        boolean handled(HttpExchange exchange, int request) throws IOException;
    }

    public EllipseFunction(int port, Interception interception) throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 64);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/q/health/ready", exchange -> send(exchange, 200, "application/json", "{}"));
        server.createContext(
                "/v1/models",
                exchange -> send(
                        exchange,
                        200,
                        "application/json",
                        "[{\"id\": \"ellipse\", \"default\": true, \"sha256\": \"" + hash
                                + "\", \"precision\": \"fp32\","
                                + " \"inputSize\": 256, \"parameters\": 12, \"macs\": 34, \"rules\": \"plain\","
                                + " \"unheardOf\": true}, {\"id\": \"shrunk\", \"default\": false, \"sha256\": \"11ee\"}]"));
        server.createContext("/v1/segmentations", exchange -> {
            if (!interception.handled(exchange, requests.incrementAndGet())) {
                segment(exchange);
            }
        });
        server.start();
    }

    public static EllipseFunction start() throws IOException {
        return new EllipseFunction(0, (exchange, request) -> false);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public int requests() {
        return requests.get();
    }

    /** As if its default bundle had been exchanged under the same id. */
    public void exchangeBundle(String newHash) {
        hash = newHash;
    }

    private void segment(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        String model = query.contains("model=") ? query.replaceFirst(".*model=([^&]*).*", "$1") : "ellipse";
        if (!SIZES.containsKey(model)) {
            send(
                    exchange,
                    422,
                    "application/problem+json",
                    "{\"title\": \"Unknown model\", \"detail\": \"" + model + "\"}");
            return;
        }
        if (query.contains("rules=") && !query.contains("rules=plain") && !query.contains("rules=other")) {
            send(
                    exchange,
                    422,
                    "application/problem+json",
                    "{\"title\": \"Unknown rules\", \"detail\": \"" + query + "\"}");
            return;
        }
        try {
            byte[] segs = segs(CaseNpz.read(body, Limits.DEFAULT), SIZES.getOrDefault(model, 1.0));
            exchange.getResponseHeaders().set("Server-Timing", "read;dur=1.5, encode;dur=20, write;dur=0.25");
            exchange.getResponseHeaders().set("Medficientsam-Model", model);
            exchange.getResponseHeaders().set("Medficientsam-Model-Sha256", model.equals("ellipse") ? hash : "11ee");
            exchange.getResponseHeaders().set("Medficientsam-Slices-Encoded", "1");
            exchange.getResponseHeaders().set("Medficientsam-Boxes-Decoded", "2");
            exchange.getResponseHeaders().set("Medficientsam-Peak-Rss-Bytes", "1000000");
            exchange.getResponseHeaders().set("Content-Type", "application/x-npz");
            exchange.sendResponseHeaders(200, segs.length);
            exchange.getResponseBody().write(segs);
            exchange.close();
        } catch (InvalidCaseException refused) {
            send(
                    exchange,
                    refused.reason() == InvalidCaseException.Reason.INVALID_PROMPT ? 422 : 400,
                    "application/problem+json",
                    "{\"title\": \"Refused\", \"detail\": \"%s\"}"
                            .formatted(String.valueOf(refused.getMessage()).replace("\"", "'")));
        }
    }

    public static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    static byte[] segs(CaseFile read, double size) {
        LabelMap labels = LabelMap.blank(read);
        List<? extends Box> boxes = read.boxes();
        for (int i = 0; i < boxes.size(); i++) {
            paint(labels, boxes.get(i), (short) (i + 1), size);
        }
        try {
            ByteArrayOutputStream npz = new ByteArrayOutputStream();
            LabelMapNpz.write(labels, npz);
            return npz.toByteArray();
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
    }

    private static void paint(LabelMap labels, Box box, short label, double size) {
        Box2D plane = box instanceof Box3D volume ? volume.inPlane() : (Box2D) box;
        int zFirst = box instanceof Box3D volume ? (int) volume.zMin() : 0;
        int zLast = box instanceof Box3D volume ? (int) volume.zMax() : 0;
        for (int z = zFirst; z <= zLast; z++) {
            for (int y = (int) plane.yMin(); y <= plane.yMax(); y++) {
                for (int x = (int) plane.xMin(); x <= plane.xMax(); x++) {
                    double dy = (y - (plane.yMin() + plane.yMax()) / 2) / ((plane.yMax() - plane.yMin() + 1) / 2);
                    double dx = (x - (plane.xMin() + plane.xMax()) / 2) / ((plane.xMax() - plane.xMin() + 1) / 2);
                    if (dy * dy + dx * dx <= size * size) {
                        labels.labels()[(z * labels.height() + y) * labels.width() + x] = label;
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** As the function's jar is started: {@code segment IN -o OUT}, or to serve on QUARKUS_HTTP_PORT. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0 && arguments[0].equals("segment")) {
            try {
                String model = arguments.length > 5 && arguments[4].equals("--model") ? arguments[5] : "ellipse";
                if (!SIZES.containsKey(model)) {
                    System.err.println("no bundle " + model);
                    System.exit(1);
                }
                Files.write(
                        Path.of(arguments[3]),
                        segs(CaseNpz.read(Path.of(arguments[1]), Limits.DEFAULT), SIZES.getOrDefault(model, 1.0)));
            } catch (InvalidCaseException refused) {
                System.err.println(refused.getMessage());
                System.exit(1);
            }
        } else {
            Map<String, String> environment = System.getenv();
            int delay = Integer.parseInt(environment.getOrDefault("ELLIPSE_DELAY_MS", "0"));
            new EllipseFunction(
                    Integer.parseInt(environment.getOrDefault("QUARKUS_HTTP_PORT", "8080")), (exchange, request) -> {
                        pause(delay);
                        return false;
                    });
        }
    }

    private static void pause(int ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
