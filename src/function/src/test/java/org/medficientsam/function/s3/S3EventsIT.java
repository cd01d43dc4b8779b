package org.medficientsam.function.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.casefile.npz.LabelMapNpz;
import org.medficientsam.function.Door;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.SegmentationContract;
import org.medficientsam.function.lambda.LambdaRuntime;
import org.medficientsam.function.s3.FaultyProxy.Fault;
import org.medficientsam.segmenter.Segmenter;
import org.medficientsam.segmenter.SegmenterOptions;

/** {@code segmentObjects} under AWS' runtime interface client, with the events that AWS sends. */
class S3EventsIT extends S3Scenario {
    private static LambdaRuntime lambda;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        s3.keepVersions(S3Server.CASES);
        Map<String, String> environment = new HashMap<>(environment());
        environment.put("QUARKUS_FUNQY_EXPORT", "segmentObjects");
        lambda = LambdaRuntime.start(
                "s3-events-it", "org.medficientsam.function.lambda.SegmentHandler::handleRequest", environment);
    }

    @AfterAll
    static void stop() {
        lambda.close();
    }

    @Test
    void everyObjectOfANotificationIsSegmented() throws IOException {
        s3.put(S3Server.CASES, "in/2D plain+näme.npz", SampleCase.image());
        s3.put(S3Server.CASES, "in/3D_CT.npz", SampleCase.volume());

        JsonNode report = report(notification("in/2D plain+näme.npz", "in/3D_CT.npz"));

        assertThat(report.path("cases")).hasSize(2);
        JsonNode first = report.path("cases").path(0);
        assertThat(first.path("input").asText()).isEqualTo("s3://cases/in/2D plain+näme.npz");
        assertThat(s3.get(first.path("segs").asText())).startsWith('P', 'K');
        JsonNode result = Door.JSON.readTree(s3.get(first.path("result").asText()));
        assertThat(result.path("labels")).hasSize(2);
        assertThat(result.path("segs").path("s3")).isEqualTo(first.path("segs"));
    }

    @Test
    void repeatedEventGivesTheSameObjects() throws IOException {
        s3.put(S3Server.CASES, "twice.npz", SampleCase.image());
        JsonNode first = report(notification("twice.npz"));
        proxy.forget();

        assertThat(report(notification("twice.npz"))).isEqualTo(first);
        assertThat(proxy.requests()).doesNotContain("PUT");
    }

    @Test
    void versionThatArrivedIsReadNotTheOneThatReplacedIt() throws IOException {
        String image = s3.putVersion(S3Server.CASES, "v.npz", SampleCase.image());
        String volume = s3.putVersion(S3Server.CASES, "v.npz", SampleCase.volume());
        ObjectNode event = notification("v.npz", "v.npz");
        ((ObjectNode) event.at("/Records/0/s3/object")).put("versionId", image);
        ((ObjectNode) event.at("/Records/1/s3/object")).put("versionId", volume);

        JsonNode cases = report(event).path("cases");

        assertThat(s3.get(cases.path(0).path("segs").asText())).isEqualTo(segs(SampleCase.image()));
        assertThat(s3.get(cases.path(1).path("segs").asText())).isEqualTo(segs(SampleCase.volume()));
    }

    @Test
    void versionThatIsGoneIsNotReplacedByTheNewestOne() throws IOException {
        s3.putVersion(S3Server.CASES, "w.npz", SampleCase.image());
        ObjectNode event = notification("w.npz");
        ((ObjectNode) event.at("/Records/0/s3/object")).put("versionId", "00000000-0000-0000-0000-000000000000");

        JsonNode settled = report(event).path("cases").path(0);

        assertThat(Door.JSON
                        .readTree(s3.get(settled.path("error").asText()))
                        .at("/problem/status")
                        .asInt())
                .isEqualTo(404);
    }

    @Test
    void metricOfAFailureNamesTheCaseThatFailedNotTheOneBefore() throws IOException {
        s3.put(S3Server.CASES, "metric-good.npz", SampleCase.image());

        report(batch(List.of(
                notification("metric-good.npz").toString(),
                notification("metric-missing.npz").toString(),
                "no notification")));

        List<JsonNode> lines = lambda.metrics();
        JsonNode good = lines.get(lines.size() - 2);
        assertThat(good.path("case").asText()).isEqualTo("metric-good.npz");
        assertThat(good.path("Model").asText()).isEqualTo(SegmentationContract.DEFAULT_MODEL);
        JsonNode missing = lines.get(lines.size() - 1);
        assertThat(missing.path("case").asText()).isEqualTo("metric-missing.npz");
        assertThat(missing.path("Reason").asText()).isEqualTo("object-not-found");
        JsonNode sentBack = Door.JSON.readTree(lambda.log()
                .lines()
                .filter(line -> line.contains("message goes back"))
                .reduce((first, second) -> second)
                .orElseThrow());
        assertThat(sentBack.path("mdc").has("case")).isFalse();
    }

    @Test
    void ofAQueuesBatchOnlyTheMessageThatSaysNothingComesBack() throws IOException {
        s3.put(S3Server.CASES, "q1.npz", SampleCase.image());
        s3.put(S3Server.CASES, "q2.npz", "not a zip".getBytes(StandardCharsets.UTF_8));
        s3.put(S3Server.CASES, "q3.npz", SampleCase.volume());
        JsonNode batch = batch(List.of(
                notification("q1.npz").toString(),
                notification("q2.npz").toString(),
                "no notification",
                notification("q3.npz").toString(),
                notification("q-missing.npz").toString()));

        JsonNode report = report(batch);

        assertThat(report.path("batchItemFailures").toString()).isEqualTo("[{\"itemIdentifier\":\"message-2\"}]");
        assertThat(report.path("cases")).hasSize(4);
        JsonNode bad = Door.JSON.readTree(
                s3.get(report.path("cases").path(1).path("error").asText()));
        assertThat(report.path("cases").path(1).path("error").asText())
                .startsWith("s3://results/segs/q2.")
                .endsWith(".error.json");
        assertThat(bad.path("problem").path("detail").asText()).startsWith("npz must be ");
        assertThat(bad.path("input").asText()).isEqualTo("s3://cases/q2.npz");
        JsonNode missing = Door.JSON.readTree(
                s3.get(report.path("cases").path(3).path("error").asText()));
        assertThat(missing.path("problem").path("type").asText()).endsWith("object-not-found");
    }

    @Test
    void ofAQueuesBatchOnlyTheMessageThatS3FailedComesBack() throws IOException {
        s3.put(S3Server.CASES, "r0.npz", SampleCase.image());
        s3.put(S3Server.CASES, "r1.npz", SampleCase.image());
        JsonNode batch = batch(List.of(
                notification("r0.npz").toString(), notification("r1.npz").toString()));
        proxy.plan("HEAD", Fault.SLOW_DOWN, 3); // the first message's only: the SDK tries three times

        JsonNode report = report(batch);

        assertThat(proxy.isSpent()).isTrue();
        assertThat(report.path("batchItemFailures").toString()).isEqualTo("[{\"itemIdentifier\":\"message-0\"}]");
        assertThat(report.path("cases")).hasSize(1);
        assertThat(report(batch).path("batchItemFailures")).isEmpty();
    }

    @Test
    void notificationThatS3FailedFailsAsAWholeSoThatItComesAgain() throws IOException {
        s3.put(S3Server.CASES, "s.npz", SampleCase.image());
        proxy.plan("HEAD", Fault.SLOW_DOWN, 50);

        LambdaRuntime.Outcome outcome = lambda.invoke(Door.JSON.writeValueAsBytes(notification("s.npz")));

        assertThat(outcome.failed()).isTrue();
        assertThat(Door.JSON.readTree(outcome.body()).path("errorType").asText())
                .endsWith("StorageUnavailable");
    }

    @Test
    void objectOfAForbiddenBucketGetsAnErrorObject() throws IOException {
        ObjectNode event = notification("x.npz");
        ((ObjectNode) event.at("/Records/0/s3/bucket")).put("name", S3Server.SECRETS);

        JsonNode settled = report(event).path("cases").path(0);

        assertThat(Door.JSON
                        .readTree(s3.get(settled.path("error").asText()))
                        .path("problem")
                        .path("status")
                        .asInt())
                .isEqualTo(403);
    }

    @Test
    void testEventsDeletionsAndOurOwnOutputAreLeftAlone() throws IOException {
        ObjectNode deleted = notification("gone.npz");
        ((ObjectNode) deleted.at("/Records/0")).put("eventName", "ObjectRemoved:Delete");
        ObjectNode own = notification("segs/q1.abc.npz");
        ((ObjectNode) own.at("/Records/0/s3/bucket")).put("name", S3Server.RESULTS);
        ObjectNode bridged = (ObjectNode) S3LambdaIT.sampleEvent("eventbridge-object-created.json");
        bridged.put("detail-type", "Object Deleted");
        String test = "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"cases\"}";

        for (JsonNode event : List.of(deleted, own, bridged, Door.JSON.readTree(test), batch(List.of(test)))) {
            JsonNode report = report(event);
            assertThat(report.path("cases")).isEmpty();
            assertThat(report.path("batchItemFailures")).isEmpty();
        }
    }

    @Test
    void sampleEventsAreSettled() throws IOException {
        String input = s3.put(S3Server.CASES, "in/2D US 0001 (left).npz", SampleCase.image());

        for (String name : List.of(
                "s3-object-created.json",
                "sqs-batch.json",
                "eventbridge-object-created.json",
                "sns-object-created.json",
                "sqs-eventbridge.json",
                "sqs-sns.json")) {
            JsonNode report = report(S3LambdaIT.sampleEvent(name));
            assertThat(report.path("batchItemFailures")).isEmpty();
            assertThat(report.path("cases")).hasSize(1);
            assertThat(report.path("cases").path(0).path("input").asText()).isEqualTo(input);
            assertThat(report.path("cases").path(0).has("result")).isTrue();
        }
        assertThat(report(S3LambdaIT.sampleEvent("s3-test.json")).path("cases")).isEmpty();
    }

    private static JsonNode report(JsonNode event) throws IOException {
        LambdaRuntime.Outcome outcome = lambda.invoke(Door.JSON.writeValueAsBytes(event));
        assertThat(outcome.failed())
                .as(new String(outcome.body(), StandardCharsets.UTF_8))
                .isFalse();
        return Door.JSON.readTree(outcome.body());
    }

    /** The label map that the library itself makes of a case. */
    private static byte[] segs(byte[] npz) throws IOException {
        ByteArrayOutputStream segs = new ByteArrayOutputStream();
        try (Segmenter segmenter = Segmenter.open(SegmentationContract.BUNDLE, SegmenterOptions.defaults())) {
            LabelMapNpz.write(
                    segmenter.segment(CaseNpz.read(npz, Limits.DEFAULT)).labels(), segs);
        }
        return segs.toByteArray();
    }

    /** As S3 sends it: keys encoded like a form's values. */
    private static ObjectNode notification(String... keys) {
        ObjectNode event = Door.JSON.createObjectNode();
        ArrayNode records = event.putArray("Records");
        for (String key : keys) {
            ObjectNode record = records.addObject()
                    .put("eventVersion", "2.1")
                    .put("eventSource", "aws:s3")
                    .put("eventName", "ObjectCreated:Put");
            ObjectNode entity = record.putObject("s3");
            entity.putObject("bucket").put("name", S3Server.CASES);
            entity.putObject("object")
                    .put("key", URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/"));
        }
        return event;
    }

    private static JsonNode batch(List<String> bodies) {
        ObjectNode event = Door.JSON.createObjectNode();
        ArrayNode records = event.putArray("Records");
        for (int i = 0; i < bodies.size(); i++) {
            records.addObject()
                    .put("messageId", "message-" + i)
                    .put("eventSource", "aws:sqs")
                    .put("body", bodies.get(i));
        }
        return event;
    }
}
