package org.medficientsam.function.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.function.Door;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.SegmentationContract;
import org.medficientsam.function.lambda.LambdaRuntime;
import org.medficientsam.function.s3.FaultyProxy.Fault;

/** {@code segment} from S3 to S3: function.zip under AWS' runtime interface client, against an S3 that has bad moments. */
class S3LambdaIT extends S3Scenario {
    private static LambdaRuntime lambda;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        lambda = LambdaRuntime.start(
                "s3-lambda-it", "org.medficientsam.function.lambda.SegmentHandler::handleRequest", environment());
    }

    @AfterAll
    static void stop() {
        lambda.close();
    }

    @Test
    void referenceToReferenceGivesTheSameLabelMapAsInline() throws IOException {
        String input = s3.put(S3Server.CASES, "a/2D_US_0001.npz", SampleCase.image());

        JsonNode result = segment(input, "s3://results/segs/plain/");

        String segs = result.path("segs").path("s3").asText();
        assertThat(segs)
                .startsWith("s3://results/segs/plain/2D_US_0001."
                        + result.path("model").path("sha256").asText().substring(0, 12) + ".")
                .endsWith(".npz");
        assertThat(s3.get(segs)).isEqualTo(lambda.segment(SampleCase.image()).segsNpz());
        assertThat(result.path("case").asText()).isEqualTo("2D_US_0001.npz");
        assertThat(Door.JSON.readTree(s3.get(segs.replace(".npz", ".json")))).isEqualTo(result);
        assertThat(result.path("segs").has("npz")).isFalse();
    }

    @Test
    void referenceInInlineOut() throws IOException {
        String input = s3.put(S3Server.CASES, "b.npz", SampleCase.volume());

        JsonNode result = answer(event(input, null), false);

        assertThat(result.path("segs").path("npz").binaryValue())
                .isEqualTo(lambda.segment(SampleCase.volume()).segsNpz());
    }

    @Test
    void repeatedRequestGivesTheSameObjectAndRunsNothing() throws IOException {
        String input = s3.put(S3Server.CASES, "c.npz", SampleCase.image());
        JsonNode first = segment(input, "s3://results/segs/again/");
        proxy.forget();

        JsonNode second = segment(input, "s3://results/segs/again/");

        assertThat(second).isEqualTo(first);
        assertThat(s3.keys(S3Server.RESULTS, "segs/again/")).hasSize(2);
        assertThat(proxy.requests()).doesNotContain("PUT");
    }

    @Test
    void caseOfTheSameNameButOtherContentOrFolderGetsItsOwnObject() throws IOException {
        segment(s3.put(S3Server.CASES, "d.npz", SampleCase.image()), "s3://results/segs/own/");
        segment(s3.put(S3Server.CASES, "d.npz", SampleCase.volume()), "s3://results/segs/own/");
        segment(s3.put(S3Server.CASES, "other/d.npz", SampleCase.volume()), "s3://results/segs/own/");

        assertThat(s3.keys(S3Server.RESULTS, "segs/own/")).hasSize(6);
    }

    @Test
    void missingObjectIsTheCallersFault() throws IOException {
        assertFault(event("s3://cases/none.npz", null), "ObjectNotFound", 404, "where none is");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://secrets/x.npz", "s3://casesx/x.npz", "s3://results/other/x.npz"})
    void objectBeyondTheAllowedPrefixesIsForbidden(String input) throws IOException {
        s3.put(S3Server.SECRETS, "x.npz", SampleCase.image());

        assertFault(event(input, null), "ObjectForbidden", 403, "medficientsam.s3.allowed");
        assertThat(proxy.requests()).isEmpty();
    }

    @Test
    void outputBeyondTheAllowedPrefixesIsForbidden() throws IOException {
        String input = s3.put(S3Server.CASES, "e.npz", SampleCase.image());

        assertFault(event(input, "s3://secrets/"), "ObjectForbidden", 403, "medficientsam.s3.allowed");
        assertThat(s3.keys(S3Server.SECRETS, "e")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"s3:/cases/x.npz", "http://cases/x.npz", "s3://cases/../secrets/x.npz", "s3://C/x", "''"})
    void whatIsNoReferenceIsMalformed(String input) throws IOException {
        assertFault(event(input, null), "Malformed", 400, "input.s3 must be s3://bucket/key");
    }

    @Test
    void objectOverTheCapIsRefusedByItsHeadAlone() throws IOException {
        byte[] noise = new byte[CAP + 1];
        new Random(3).nextBytes(noise);
        String input = s3.put(S3Server.CASES, "large.npz", noise);

        assertFault(event(input, null), "TooLarge", 413, "npz must be at most 65536 bytes, got 65537");
        assertThat(proxy.requests()).containsExactly("HEAD");
    }

    @Test
    void objectThatS3RefusesIsForbidden() throws IOException {
        String input = s3.put(S3Server.CASES, "f.npz", SampleCase.image());
        proxy.plan("HEAD", Fault.ACCESS_DENIED, 1);

        assertFault(event(input, null), "ObjectForbidden", 403, "which S3 refuses");
    }

    @ParameterizedTest
    @CsvSource({
        "HEAD, INTERNAL_ERROR",
        "GET, INTERNAL_ERROR",
        "GET, SLOW_DOWN",
        "GET, BREAKS_OFF",
        "PUT, INTERNAL_ERROR"
    })
    void twoFailuresOfS3AreRiddenOut(String method, Fault fault) throws IOException {
        String input = s3.put(S3Server.CASES, "g-%s-%s.npz".formatted(method, fault), SampleCase.image());
        proxy.plan(method, fault, 2);

        JsonNode result = segment(input, "s3://results/segs/faults/");

        assertThat(proxy.isSpent()).isTrue();
        assertThat(s3.get(result.path("segs").path("s3").asText()))
                .isEqualTo(lambda.segment(SampleCase.image()).segsNpz());
    }

    @Test
    void lastingThrottlingIsTemporaryAndLeavesNothingHalfWritten() throws IOException {
        String input = s3.put(S3Server.CASES, "h.npz", SampleCase.image());
        proxy.plan("PUT", Fault.SLOW_DOWN, 50);

        assertFault(event(input, "s3://results/segs/throttled/"), "StorageUnavailable", 503, "S3 must serve");
        assertThat(s3.keys(S3Server.RESULTS, "segs/throttled/")).isEmpty();

        proxy.forget();
        segment(input, "s3://results/segs/throttled/");
        assertThat(s3.keys(S3Server.RESULTS, "segs/throttled/")).hasSize(2);
    }

    @Test
    void caseThatCannotBeDoneInTimeIsRefused() throws IOException {
        lambda.segment(SampleCase.volume()); // so that there is a pace
        int boxes = 20; // 4,000 decodes, which one case may have
        double[] corners = new double[6 * boxes];
        for (int i = 0; i < boxes; i++) {
            System.arraycopy(new double[] {2, 2, 0, 30, 30, 199}, 0, corners, 6 * i, 6);
        }
        String input = s3.put(S3Server.CASES, "slow.npz", SampleCase.flatVolume(32, 32, 200, corners));

        LambdaRuntime.Outcome outcome =
                lambda.invoke(bytes(event(input, "s3://results/segs/late/")), Duration.ofSeconds(8));

        assertFault(outcome, "DeadlineExceeded", 504, "take at least");
        assertThat(s3.keys(S3Server.RESULTS, "segs/late/")).isEmpty();
        assertThat(lambda.segment(SampleCase.image()).refused()).isFalse();
    }

    @Test
    void nothingIsExtractedAtStart() throws IOException {
        lambda.segment(SampleCase.image());

        assertThat(Path.of("target", "s3-lambda-it", "native")).isDirectoryContaining("glob:**.so");
        Path maps = Path.of("/proc", Long.toString(lambda.pid()), "maps");
        if (Files.isReadable(maps)) {
            assertThat(Files.readAllLines(maps).stream().filter(line -> line.contains("libonnxruntime")))
                    .isNotEmpty()
                    .allMatch(line -> line.contains("s3-lambda-it"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"segment-inline.json", "segment-s3.json"})
    void sampleEventsAreAnswered(String name) throws IOException {
        s3.put(S3Server.CASES, "in/2D US 0001 (left).npz", SampleCase.image());

        JsonNode result = answer(sampleEvent(name), false);

        assertThat(result.path("labels")).isNotEmpty();
    }

    /** One of infra/events. */
    static JsonNode sampleEvent(String name) throws IOException {
        return Door.JSON.readTree(
                SegmentationContract.ROOT.resolve("infra/events").resolve(name).toFile());
    }

    private static JsonNode segment(String input, String output) throws IOException {
        return answer(event(input, output), false);
    }

    private static ObjectNode event(String input, @Nullable String output) {
        ObjectNode event = Door.JSON.createObjectNode();
        event.putObject("input").put("s3", input);
        if (output != null) {
            event.putObject("output").put("s3", output);
        }
        return event;
    }

    private static byte[] bytes(JsonNode event) throws IOException {
        return Door.JSON.writeValueAsBytes(event);
    }

    private static JsonNode answer(JsonNode event, boolean failed) throws IOException {
        LambdaRuntime.Outcome outcome = lambda.invoke(bytes(event));
        assertThat(outcome.failed())
                .as(new String(outcome.body(), StandardCharsets.UTF_8))
                .isEqualTo(failed);
        return Door.JSON.readTree(outcome.body());
    }

    private static void assertFault(JsonNode event, String type, int status, String detail) throws IOException {
        assertFault(lambda.invoke(bytes(event)), type, status, detail);
    }

    private static void assertFault(LambdaRuntime.Outcome outcome, String type, int status, String detail)
            throws IOException {
        JsonNode error = Door.JSON.readTree(outcome.body());
        assertThat(outcome.failed()).as(error.toString()).isTrue();
        assertThat(error.path("errorType").asText()).isEqualTo("org.medficientsam.function.LambdaFault$" + type);
        assertThat(error.path("stackTrace")).isEmpty();
        JsonNode problem = Door.JSON.readTree(error.path("errorMessage").asText());
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("detail").asText()).contains(detail);
    }
}
