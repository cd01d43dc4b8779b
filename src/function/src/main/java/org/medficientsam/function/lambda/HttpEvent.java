package org.medficientsam.function.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;

/**
 * An HTTP request as an event: of a function URL or an HTTP API (payload 2.0), of a REST API or a load balancer (1.0).
 *
 * @param path with its query, as the caller wrote it; the API's stage is taken off
 * @param headers several values of one name in one
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">Payload
 *     formats</a>
 */
record HttpEvent(String method, String path, Map<String, String> headers, byte[] body) {
    /** Whether an event is one. */
    static boolean isOne(JsonNode event) {
        return event.path("requestContext").path("http").isObject()
                || (event.path("httpMethod").isTextual() && event.path("path").isTextual());
    }

    /** @throws InvalidCaseException if its body is no base64 though it says so */
    static HttpEvent of(JsonNode event) {
        return event.path("httpMethod").isTextual() ? version1(event) : version2(event);
    }

    private static HttpEvent version2(JsonNode event) {
        String stage = "/" + event.path("requestContext").path("stage").asText();
        String path = event.path("rawPath").asText("/");
        if (path.startsWith(stage + "/")) path = path.substring(stage.length());
        String query = event.path("rawQueryString").asText();
        return new HttpEvent(
                event.path("requestContext").path("http").path("method").asText(),
                withQuery(path, query),
                headers(event),
                body(event));
    }

    private static HttpEvent version1(JsonNode event) {
        List<String> query = new ArrayList<>();
        event.path("queryStringParameters")
                .properties()
                .forEach(one -> query.add(parameter(one.getKey(), one.getValue())));
        JsonNode several = event.path("multiValueQueryStringParameters");
        if (several.isObject()) { // has the same and more
            query.clear();
            several.properties()
                    .forEach(one -> one.getValue().forEach(value -> query.add(parameter(one.getKey(), value))));
        }
        return new HttpEvent(
                event.path("httpMethod").asText(),
                withQuery(event.path("path").asText(), String.join("&", query)),
                headers(event),
                body(event));
    }

    private static String withQuery(String path, String query) {
        return query.isEmpty() ? path : path + "?" + query;
    }

    /** They come decoded. */
    private static String parameter(String name, JsonNode value) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                + "="
                + URLEncoder.encode(value.asText(), StandardCharsets.UTF_8);
    }

    private static Map<String, String> headers(JsonNode event) {
        Map<String, String> headers = new LinkedHashMap<>();
        event.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asText()));
        event.path("multiValueHeaders").properties().forEach(header -> {
            List<String> values = new ArrayList<>();
            header.getValue().forEach(value -> values.add(value.asText()));
            headers.put(header.getKey(), String.join(", ", values));
        });
        return headers;
    }

    private static byte[] body(JsonNode event) {
        String body = event.path("body").asText("");
        if (!event.path("isBase64Encoded").asBoolean()) return body.getBytes(StandardCharsets.UTF_8);
        try {
            return Base64.getDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new InvalidCaseException(
                    Reason.MALFORMED, "body", "base64, as isBase64Encoded says", "something else");
        }
    }
}
