package org.medficientsam.function.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.function.BadCase;
import org.medficientsam.function.Door;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.SegmentationContract;

/** The zip that AWS gets, under the client that AWS runs it with. */
class LambdaIT extends SegmentationContract {
    private static LambdaRuntime lambda;

    @BeforeAll
    static void start() throws IOException {
        lambda = LambdaRuntime.start(
                "lambda-it",
                "org.medficientsam.function.lambda.SegmentHandler::handleRequest",
                Map.of("MEDFICIENTSAM_MAX_BODY_SIZE", BadCase.Limit.BODY));
    }

    @AfterAll
    static void stop() {
        lambda.close();
    }

    @Override
    protected Door door() {
        return lambda;
    }

    @ParameterizedTest
    @CsvSource({"BOX_NAN, InvalidPrompt", "NOT_A_ZIP, Malformed", "ZEROS_300_MB_DEFLATED_SMALL, TooLarge"})
    void errorTypeNamesTheProblemAndNoStackTraceIsSent(BadCase bad, String errorType) throws IOException {
        JsonNode error = Door.JSON.readTree(lambda.segment(bad.npz()).raw());

        assertThat(error.path("errorType").asText()).isEqualTo("org.medficientsam.function.LambdaFault$" + errorType);
        assertThat(error.path("stackTrace")).isEmpty();
    }

    /** What a few kilobytes can ask for: minutes to hours of work, or gigabytes. */
    @ParameterizedTest
    @CsvSource({
        "H1_65535_boxes_64x64, InvalidPrompt",
        "H2_volume_2M_slices_1x1, InvalidPrompt",
        "H3c_volume_20M_slices_1_box, InvalidPrompt",
        "H4_image_268M_tall_1_wide, TooLarge",
        "H6_volume_50k_slices_65535_boxes, InvalidPrompt"
    })
    void smallCasesThatAskForMuchAreRefusedLongBeforeTheDeadline(String file, String errorType) throws IOException {
        ObjectNode event = Door.JSON.createObjectNode();
        event.putObject("input").put("npz", Files.readAllBytes(Path.of("src/test/resources/budget", file + ".npz")));
        event.putObject("output").put("inline", true);
        Duration timeout = Duration.ofSeconds(20);
        assertThat(lambda.segment(SampleCase.image()).refused()).as("awake").isFalse();
        long start = System.nanoTime();

        LambdaRuntime.Outcome outcome = lambda.invoke(Door.JSON.writeValueAsBytes(event), timeout);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(timeout.dividedBy(2));
        JsonNode error = Door.JSON.readTree(outcome.body());
        assertThat(error.path("errorType").asText()).isEqualTo("org.medficientsam.function.LambdaFault$" + errorType);
        assertThat(error.path("errorMessage").asText()).contains(" must be ", ", got ");
        assertThat(lambda.segment(SampleCase.image()).refused()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                   | input must be {npz: base64} or {s3: uri}, got nothing",
                "[]                                   | input must be {npz: base64} or {s3: uri}, got nothing",
                "7                                    | input must be {npz: base64} or {s3: uri}, got nothing",
                "{\"input\": 5}                       | input must be {npz: base64} or {s3: uri}, got number",
                "{\"input\": {}}                      | input must be {npz: base64} or {s3: uri}, got object",
                "{\"input\": {\"npz\": \"*!\"}}       | input.npz must be base64, got other characters",
                "{\"input\": {\"npz\": \"data:;base64,*!\"}}      | input.npz must be base64, got other characters",
                "{\"input\": {\"npz\": \"data:text/plain,UEsD\"}} | input.npz must be base64, or a data URL of it, got a data URL without ;base64,",
                "{\"input\": {\"npz\": \"data:x\"}}   | input.npz must be base64, or a data URL of it, got a data URL without ;base64,",
                "{\"input\": {\"npz\": \"\"}, \"output\": 1}   | output must be {inline: true} or {s3: prefix}, got number",
                "{\"input\": {\"npz\": \"\"}, \"model\": 1}    | model must be a string, got number",
                "{\"input\": {\"npz\": \"\"}}         | npz must be a whole zip archive, got an empty body",
                "{\"input\":                          | the event must be JSON, got something else",
                "''                                   | the event must be JSON, got something else"
            })
    void malformedEventIsRefused(String event, String detail) throws IOException {
        LambdaRuntime.Outcome outcome = lambda.invoke(event.getBytes(StandardCharsets.UTF_8));

        assertThat(outcome.failed()).isTrue();
        JsonNode error = Door.JSON.readTree(outcome.body());
        assertThat(error.path("errorType").asText()).isEqualTo("org.medficientsam.function.LambdaFault$Malformed");
        assertThat(error.path("stackTrace")).isEmpty();
        assertThat(Door.JSON
                        .readTree(error.path("errorMessage").asText())
                        .path("detail")
                        .asText())
                .isEqualTo(detail);
        assertThat(lambda.segment(SampleCase.image()).refused()).isFalse();
    }

    /** As {@code base64 FILE}, Python's {@code encodebytes} and a browser's {@code readAsDataURL} write it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data:application/octet-stream;base64,",
                "data:application/x-npz;base64,",
                "data:;base64,",
                "DATA:application/x-npz;name=case.npz;BASE64,"
            })
    void base64MayHaveLineBreaksAndBeADataUrl(String head) throws IOException {
        String wrapped = head + Base64.getMimeEncoder().encodeToString(SampleCase.image());
        assertThat(wrapped).contains("\r\n");
        ObjectNode event = Door.JSON.createObjectNode();
        event.putObject("input").put("npz", wrapped);

        LambdaRuntime.Outcome outcome = lambda.invoke(Door.JSON.writeValueAsBytes(event));

        assertThat(outcome.failed()).isFalse();
        assertThat(Door.JSON.readTree(outcome.body()).at("/segs/npz").binaryValue())
                .isEqualTo(lambda.segment(SampleCase.image()).segsNpz());
    }

    @Test
    void httpEventsAreRefusedAsHttpUntilTheyAreSwitchedOn() throws IOException {
        byte[] event = Files.readAllBytes(SegmentationContract.ROOT.resolve("infra/events/function-url.json"));

        LambdaRuntime.Outcome outcome = lambda.invoke(event);

        assertThat(outcome.failed()).isFalse();
        JsonNode answer = Door.JSON.readTree(outcome.body());
        assertThat(answer.path("statusCode").asInt()).isEqualTo(503);
        assertThat(answer.at("/headers/content-type").asText()).isEqualTo("application/problem+json");
        assertThat(new String(Base64.getDecoder().decode(answer.path("body").asText()), StandardCharsets.UTF_8))
                .contains("HTTP events must be switched on");
    }

    @Test
    void problemAndLogCarryLambdasRequestId() {
        String requestId =
                lambda.segment(BadCase.BOX_NAN.npz()).json().path("requestId").asText();

        assertThat(requestId).startsWith("request-");
        lambda.segment(SampleCase.image());
        assertThat(lambda.log()).contains("\"requestId\":\"request-").doesNotContain("\tat ");
    }

    @Test
    void answerBeyondOneMegabyteArrivesWhole() {
        String name = "n".repeat(1_500_000);

        Door.Reply reply = lambda.segment(SampleCase.image(), Map.of("case", name));

        assertThat(reply.raw()).hasSizeGreaterThan(1_500_000);
        assertThat(reply.json().path("case").asText()).isEqualTo(name);
        assertThat(reply.segsNpz()).isEqualTo(lambda.segment(SampleCase.image()).segsNpz());
    }

    @Test
    void nothingListensOnAPort() {
        assertThat(lambda.log()).doesNotContain("Listening on: http");
    }

    /** The handler that Quarkus' own documents name. */
    @Test
    void funqysHandlerServesToo() throws IOException {
        try (LambdaRuntime funqy = LambdaRuntime.start(
                "lambda-funqy-it", "io.quarkus.funqy.lambda.FunqyStreamHandler::handleRequest", Map.of())) {
            assertThat(funqy.segment(SampleCase.image()).segsNpz())
                    .isEqualTo(lambda.segment(SampleCase.image()).segsNpz());
            JsonNode error =
                    Door.JSON.readTree(funqy.segment(BadCase.BOX_NAN.npz()).raw());
            assertThat(error.path("errorType").asText()).endsWith("LambdaFault$InvalidPrompt");
            assertThat(error.path("stackTrace")).isEmpty();
        }
    }
}
