package org.medficientsam.function.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.medficientsam.function.Door;

/** What stands before a Lambda and speaks HTTP to callers: requests become events, and answers responses, as AWS documents them. */
final class HttpFront implements AutoCloseable {
    /** Which of AWS' three. */
    enum Kind {
        FUNCTION_URL,
        HTTP_API_WITH_STAGE,
        REST_API
    }

    private final LambdaRuntime lambda;
    private final Kind kind;
    private final HttpServer server;

    HttpFront(LambdaRuntime lambda, Kind kind) throws IOException {
        this.lambda = lambda;
        this.kind = kind;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::pass);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private synchronized void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            ObjectNode event = kind == Kind.REST_API ? version1(exchange) : version2(exchange);
            event.put(
                    "body",
                    Base64.getEncoder().encodeToString(exchange.getRequestBody().readAllBytes()));
            event.put("isBase64Encoded", true);
            LambdaRuntime.Outcome outcome = lambda.invoke(Door.JSON.writeValueAsBytes(event));
            if (outcome.failed()) { // as AWS does with a function that fails
                exchange.sendResponseHeaders(502, -1);
                return;
            }
            JsonNode answer = Door.JSON.readTree(outcome.body());
            answer.path("headers").properties().forEach(header -> exchange.getResponseHeaders()
                    .add(header.getKey(), header.getValue().asText()));
            byte[] body = answer.path("isBase64Encoded").asBoolean()
                    ? Base64.getDecoder().decode(answer.path("body").asText())
                    : answer.path("body").asText().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.path("statusCode").asInt(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private ObjectNode version2(HttpExchange exchange) {
        String stage = kind == Kind.FUNCTION_URL ? "$default" : "prod";
        String path = exchange.getRequestURI().getRawPath();
        ObjectNode event = Door.JSON.createObjectNode().put("version", "2.0").put("routeKey", "$default");
        event.put("rawPath", kind == Kind.FUNCTION_URL ? path : "/prod" + path);
        event.put("rawQueryString", query(exchange));
        ObjectNode headers = event.putObject("headers");
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        ObjectNode context = event.putObject("requestContext");
        context.put("stage", stage).put("requestId", "id").put("apiId", "api");
        context.putObject("http")
                .put("method", exchange.getRequestMethod())
                .put("path", path)
                .put("protocol", "HTTP/1.1");
        return event;
    }

    private static ObjectNode version1(HttpExchange exchange) {
        ObjectNode event = Door.JSON.createObjectNode().put("resource", "/{proxy+}");
        event.put("path", exchange.getRequestURI().getPath());
        event.put("httpMethod", exchange.getRequestMethod());
        ObjectNode headers = event.putObject("multiValueHeaders");
        exchange.getRequestHeaders().forEach((name, values) -> values.forEach(headers.putArray(name)::add));
        ObjectNode parameters = event.putObject("multiValueQueryStringParameters");
        for (String parameter : query(exchange).split("&")) {
            if (parameter.isEmpty()) continue;
            String[] parts = parameter.split("=", 2);
            ArrayNode values = parameters.withArray(parts[0]);
            values.add(URLDecoder.decode(parts.length == 2 ? parts[1] : "", StandardCharsets.UTF_8));
        }
        event.putObject("requestContext").put("stage", "prod").put("requestId", "id");
        return event;
    }

    private static String query(HttpExchange exchange) {
        String query = exchange.getRequestURI().getRawQuery();
        return query == null ? "" : query;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
