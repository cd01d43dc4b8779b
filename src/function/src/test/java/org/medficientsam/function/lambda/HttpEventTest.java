package org.medficientsam.function.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.InvalidCaseException;

/** Shapes as in AWS' documents: payload 2.0 and 1.0 of API Gateway, and the load balancer's. */
class HttpEventTest {
    private static final String VERSION_2 =
            "{\"requestContext\": {\"http\": {\"method\": \"GET\"}, \"stage\": \"prod\"}, ";
    private static final String VERSION_1 = "{\"httpMethod\": \"GET\", ";

    private static HttpEvent read(String event) throws IOException {
        return HttpEvent.of(new ObjectMapper().readTree(event));
    }

    @Test
    void stageIsTakenOffThePath() throws IOException {
        assertThat(read(VERSION_2 + "\"rawPath\": \"/prod/v1/models\"}").path()).isEqualTo("/v1/models");
        assertThat(read(VERSION_2 + "\"rawPath\": \"/prod/\"}").path()).isEqualTo("/");
        assertThat(read(VERSION_2 + "\"rawPath\": \"/prod\"}").path()).isEqualTo("/");
        assertThat(read(VERSION_2 + "\"rawPath\": \"/products\"}").path()).isEqualTo("/products");
    }

    @Test
    void partOfTheAddressThatStandsForTheApiIsTakenOff() throws IOException {
        String proxy = ", \"pathParameters\": {\"proxy\": \"v1/models\"}}";
        assertThat(read(VERSION_2 + "\"rawPath\": \"/imaging/v1/models\"" + proxy)
                        .path())
                .isEqualTo("/v1/models");
        assertThat(read(VERSION_1 + "\"path\": \"/imaging/v1/models\"" + proxy).path())
                .isEqualTo("/v1/models");
        assertThat(read(VERSION_1 + "\"path\": \"/v1/models\"" + proxy).path()).isEqualTo("/v1/models");
    }

    @Test
    void decodedPathsAndParametersAreEncodedAgain() throws IOException {
        assertThat(read(VERSION_1
                                + "\"path\": \"/v1/a b%zz/\u00e9\", \"queryStringParameters\": {\"case\": \"a&b 1\"}}")
                        .path())
                .isEqualTo("/v1/a%20b%25zz/%C3%A9?case=a%26b+1");
    }

    @Test
    void loadBalancersParametersAreNotEncodedTwice() throws IOException {
        assertThat(read(VERSION_1 + "\"path\": \"/v1/models\", \"requestContext\": {\"elb\": {}}, "
                                + "\"queryStringParameters\": {\"boxes\": \"1%2C2\"}}")
                        .path())
                .isEqualTo("/v1/models?boxes=1%2C2");
    }

    @Test
    void whatIsMissingIsEmpty() throws IOException {
        HttpEvent event = read(VERSION_1 + "\"path\": \"/\", \"headers\": null, \"multiValueHeaders\": null, "
                + "\"queryStringParameters\": null, \"multiValueQueryStringParameters\": null, \"body\": null, "
                + "\"isBase64Encoded\": false}");

        assertThat(event.path()).isEqualTo("/");
        assertThat(event.headers()).isEmpty();
        assertThat(event.body()).isEmpty();
    }

    @Test
    void severalValuesAndCookiesBecomeOneHeader() throws IOException {
        assertThat(read(VERSION_1 + "\"path\": \"/\", \"multiValueHeaders\": {\"Accept\": [\"a/b\", \"c/d\"]}}")
                        .headers())
                .isEqualTo(Map.of("Accept", "a/b, c/d"));
        assertThat(read(VERSION_2 + "\"rawPath\": \"/\", \"cookies\": [\"a=1\", \"b=2\"]}")
                        .headers())
                .isEqualTo(Map.of("cookie", "a=1; b=2"));
    }

    @Test
    void base64MayHaveLineBreaksAndTextStaysText() throws IOException {
        assertThat(read(VERSION_2 + "\"rawPath\": \"/\", \"isBase64Encoded\": true, \"body\": \"aGVs\\r\\nbG8=\\n\"}")
                        .body())
                .isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
        assertThat(read(VERSION_2 + "\"rawPath\": \"/\", \"isBase64Encoded\": false, \"body\": \"aGVs\"}")
                        .body())
                .isEqualTo("aGVs".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"@elsewhere.example/", "80/", ".elsewhere.example/", ""})
    void pathsThatWouldLeadElsewhereAreRefused(String path) {
        assertThatThrownBy(() -> read(VERSION_2 + "\"rawPath\": \"" + path + "\"}"))
                .isInstanceOf(InvalidCaseException.class)
                .hasMessageContaining("path must be a path that begins with a slash");
    }
}
