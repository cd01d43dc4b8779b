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

    /** @throws InvalidCaseException if its path begins with no slash, or its body is no base64 though it says so */
    static HttpEvent of(JsonNode event) {
        HttpEvent request = event.path("httpMethod").isTextual() ? version1(event) : version2(event);
        // Else it could go on with the address of another host.
        if (!request.path.startsWith("/"))
            throw new InvalidCaseException(Reason.MALFORMED, "path", "a path that begins with a slash", "another");
        return request;
    }

    private static HttpEvent version2(JsonNode event) {
        String stage = "/" + event.path("requestContext").path("stage").asText();
        String path = event.path("rawPath").asText("/");
        if (path.equals(stage)) path = "/";
        else if (path.startsWith(stage + "/")) path = path.substring(stage.length());
        String query = event.path("rawQueryString").asText("");
        Map<String, String> headers = headers(event);
        List<String> cookies = new ArrayList<>();
        event.path("cookies").forEach(cookie -> cookies.add(cookie.asText()));
        if (!cookies.isEmpty()) headers.put("cookie", String.join("; ", cookies));
        return new HttpEvent(
                event.path("requestContext").path("http").path("method").asText(),
                withQuery(mapped(path, event), query),
                headers,
                body(event));
    }

    /**
     * Without the first part of a domain of one's own, which stands for the API: what the API itself matched with {@code {proxy+}}
     * goes on.
     */
    private static String mapped(String path, JsonNode event) {
        String proxy = "/" + event.path("pathParameters").path("proxy").asText("");
        return proxy.length() > 1 && path.endsWith(proxy) ? proxy : path;
    }

    private static HttpEvent version1(JsonNode event) {
        boolean decoded =
                !event.path("requestContext").path("elb").isObject(); // a load balancer leaves them as they came
        List<String> query = new ArrayList<>();
        event.path("queryStringParameters")
                .properties()
                .forEach(one -> query.add(parameter(one.getKey(), one.getValue(), decoded)));
        JsonNode several = event.path("multiValueQueryStringParameters");
        if (several.isObject()) { // has the same and more
            query.clear();
            several.properties().forEach(one -> one.getValue()
                    .forEach(value -> query.add(parameter(one.getKey(), value, decoded))));
        }
        return new HttpEvent(
                event.path("httpMethod").asText(),
                withQuery(mapped(event.path("path").asText(), event), String.join("&", query)),
                headers(event),
                body(event));
    }

    private static String withQuery(String path, String query) {
        return query.isEmpty() ? encoded(path) : encoded(path) + "?" + encoded(query);
    }

    /** What no address may hold is escaped; a path of payload 1.0 comes decoded. */
    private static String encoded(String asWritten) {
        String text = asWritten.replaceAll("%(?![0-9A-Fa-f]{2})", "%25");
        StringBuilder address = new StringBuilder(text.length());
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = one > ' ' && one < 127 && "\"<>\\^`{|}#".indexOf(one) < 0;
            if (plain) address.append((char) one);
            else address.append("%%%02X".formatted(one & 0xff));
        }
        return address.toString();
    }

    private static String parameter(String name, JsonNode value, boolean decoded) {
        if (!decoded) return name + "=" + value.asText("");
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                + "="
                + URLEncoder.encode(value.asText(""), StandardCharsets.UTF_8);
    }

    private static Map<String, String> headers(JsonNode event) {
        Map<String, String> headers = new LinkedHashMap<>();
        event.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asText("")));
        event.path("multiValueHeaders").properties().forEach(header -> {
            List<String> values = new ArrayList<>();
            header.getValue().forEach(value -> values.add(value.asText("")));
            headers.put(header.getKey(), String.join(", ", values));
        });
        return headers;
    }

    private static byte[] body(JsonNode event) {
        String body = event.path("body").asText("");
        if (!event.path("isBase64Encoded").asBoolean()) return body.getBytes(StandardCharsets.UTF_8);
        try {
            return Base64.getDecoder().decode(body.replaceAll("[\r\n]", "")); // as some tools write it
        } catch (IllegalArgumentException e) {
            throw new InvalidCaseException(
                    Reason.MALFORMED, "body", "base64, as isBase64Encoded says", "something else");
        }
    }
}
