package org.medficientsam.function.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.medficientsam.function.Door;
import org.medficientsam.function.rest.ServedJar;
import org.medficientsam.function.service.MediaTypes;

/**
 * function.zip as AWS runs it: unzipped, under AWS' own runtime interface client, which fetches events from a Runtime API. That
 * API is the only part that stands in here.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Lambda runtime API</a>
 */
public final class LambdaRuntime implements Door, AutoCloseable {
    private static final String API = "/2018-06-01/runtime/";
    /** The trace that every invocation here is part of. */
    public static final String TRACE_ID = "1-5bef4de7-ad49b0e87f6ef6c87fc2e700";

    private static final String CLIENT = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

    /** What the function posted: its response, or an error object. */
    public record Outcome(boolean failed, byte[] body) {}

    private record Event(String requestId, byte[] payload, long deadlineMs) {}

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer api;
    private final Path log;
    private final Process process;
    private int requests;

    private LambdaRuntime(String name, String handler, Map<String, String> environment) throws IOException {
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext(API, this::serve);
        api.setExecutor(threads);
        api.start();
        Path task = Path.of("target", name).toAbsolutePath();
        unzip(Path.of("target", "function.zip"), task);
        log = Path.of("target", name + ".log");
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + api.getAddress().getPort());
        variables.put("AWS_LAMBDA_FUNCTION_NAME", "segment");
        variables.put("LAMBDA_TASK_ROOT", task.toString());
        variables.putIfAbsent(
                "MEDFICIENTSAM_BUNDLES", task.resolve("models/bundles").toString());
        variables.put("_HANDLER", handler);
        process = ServedJar.process(log, variables, List.of(ServedJar.HEAP, "-cp", classPath(task), CLIENT, handler));
    }

    /** @param handler a class with {@code ::handleRequest} */
    public static LambdaRuntime start(String name, String handler, Map<String, String> environment) throws IOException {
        return new LambdaRuntime(name, handler, environment);
    }

    private static String classPath(Path task) throws IOException {
        List<String> parts = new ArrayList<>();
        parts.add(task.toString());
        for (Path folder : List.of(task.resolve("lib"), Path.of("target", "lambda-runtime"))) {
            try (Stream<Path> jars = Files.list(folder)) {
                jars.map(Path::toString).sorted().forEach(parts::add);
            }
        }
        return String.join(File.pathSeparator, parts);
    }

    private static void unzip(Path zip, Path folder) throws IOException {
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path file = folder.resolve(entry.getName());
                if (entry.isDirectory()) {
                    continue;
                }
                Files.createDirectories(file.getParent());
                Files.write(file, in.readAllBytes());
            }
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String call = exchange.getRequestURI().getPath().substring(API.length());
            if (call.equals("invocation/next")) {
                Event event = events.take();
                exchange.getResponseHeaders().add("Lambda-Runtime-Aws-Request-Id", event.requestId);
                exchange.getResponseHeaders().add("Lambda-Runtime-Deadline-Ms", Long.toString(event.deadlineMs));
                exchange.getResponseHeaders()
                        .add("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:0:function:segment");
                exchange.getResponseHeaders()
                        .add("Lambda-Runtime-Trace-Id", "Root=" + TRACE_ID + ";Parent=9a9197af755a6419;Sampled=1");
                exchange.getResponseHeaders().add("Content-Type", MediaTypes.JSON);
                exchange.sendResponseHeaders(200, event.payload.length);
                exchange.getResponseBody().write(event.payload);
            } else if (call.equals("restore/next")) {
                exchange.sendResponseHeaders(200, -1); // the snapshot is taken and restored
            } else {
                outcomes.add(new Outcome(
                        call.endsWith("error"), exchange.getRequestBody().readAllBytes()));
                exchange.sendResponseHeaders(202, -1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing
        }
    }

    /** One event, one outcome. */
    public Outcome invoke(byte[] event) {
        return invoke(event, Duration.ofSeconds(120));
    }

    /** @param timeout after which Lambda would end the process */
    public Outcome invoke(byte[] event, Duration timeout) {
        events.add(new Event("request-" + ++requests, event, System.currentTimeMillis() + timeout.toMillis()));
        try {
            for (int seconds = 0; seconds < 120; seconds++) {
                Outcome outcome = outcomes.poll(1, TimeUnit.SECONDS);
                if (outcome != null) {
                    return outcome;
                }
                if (!process.isAlive()) {
                    break;
                }
            }
            throw new IllegalStateException("the function does not answer:\n" + log());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Reply segment(byte[] npz, Map<String, String> options) {
        ObjectNode event = JSON.createObjectNode();
        event.putObject("input").put("npz", Base64.getEncoder().encodeToString(npz));
        event.putObject("output").put("inline", true);
        options.forEach(event::put);
        try {
            Outcome outcome = invoke(JSON.writeValueAsBytes(event));
            String raw = new String(outcome.body, StandardCharsets.UTF_8);
            return new Reply(
                    outcome.failed,
                    outcome.failed
                            ? JSON.readTree(
                                    JSON.readTree(raw).path("errorMessage").asText())
                            : JSON.readTree(raw),
                    raw);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The log's lines in the embedded metric format, oldest first. */
    public List<JsonNode> metrics() throws IOException {
        List<JsonNode> metrics = new ArrayList<>();
        for (String line : log().lines().toList()) {
            if (line.contains("\"_aws\"")) {
                metrics.add(JSON.readTree(line));
            }
        }
        return metrics;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        threads.shutdownNow();
        api.stop(0);
    }
}
