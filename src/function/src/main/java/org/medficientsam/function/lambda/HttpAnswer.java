package org.medficientsam.function.lambda;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Base64;
import java.util.Map;

/**
 * What Lambda makes an HTTP response of. The body is always base64, which each of API Gateway, function URL and load balancer takes
 * back: an npz is no text.
 */
record HttpAnswer(
        int statusCode,
        Map<String, String> headers,
        String body,
        @JsonProperty("isBase64Encoded") boolean isBase64Encoded) {

    static HttpAnswer of(int status, Map<String, String> headers, byte[] body) {
        return new HttpAnswer(status, headers, Base64.getEncoder().encodeToString(body), true);
    }
}
