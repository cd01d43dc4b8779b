package org.medficientsam.function.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.medficientsam.function.BadCase;
import org.medficientsam.function.Door;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.SegmentationContract;

/**
 * The metric and log lines of function.zip, as CloudWatch reads them.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">
 *     Embedded metric format</a>
 */
class EmbeddedMetricsIT {
    /** Of the units that CloudWatch knows, those that we use. */
    private static final Set<String> UNITS = Set.of("Count", "Milliseconds", "Bytes");

    private static LambdaRuntime lambda;
    private static List<JsonNode> metrics = List.of();

    @BeforeAll
    static void threeInvocations() throws IOException {
        lambda = LambdaRuntime.start(
                "embedded-metrics-it", "org.medficientsam.function.lambda.SegmentHandler::handleRequest", Map.of());
        lambda.segment(SampleCase.image(), Map.of("case", "first.npz"));
        lambda.segment(SampleCase.volume(), Map.of("case", "second \"quoted\"\n.npz"));
        lambda.segment(BadCase.BOX_NAN.npz(), Map.of("case", "bad.npz"));
        metrics = lambda.metrics();
    }

    @AfterAll
    static void stop() {
        lambda.close();
    }

    @Test
    void everyInvocationGivesOneLineInTheFormatsTerms() {
        assertThat(metrics).hasSize(3).allSatisfy(line -> {
            long timestamp = line.at("/_aws/Timestamp").asLong();
            assertThat(Instant.ofEpochMilli(timestamp))
                    .isBetween(Instant.now().minus(Duration.ofHours(1)), Instant.now());
            JsonNode directive = line.at("/_aws/CloudWatchMetrics/0");
            assertThat(directive.path("Namespace").asText()).isEqualTo("MedficientSAM");
            assertThat(directive.path("Dimensions")).isNotEmpty();
            directive
                    .path("Dimensions")
                    .forEach(set -> set.forEach(name ->
                            assertThat(line.path(name.asText()).isTextual()).isTrue()));
            assertThat(directive.path("Metrics")).isNotEmpty();
            directive.path("Metrics").forEach(metric -> {
                assertThat(line.path(metric.path("Name").asText()).isNumber()).isTrue();
                assertThat(UNITS).contains(metric.path("Unit").asText());
            });
        });
    }

    @Test
    void linesSayWhichCaseModelAndTraceAndWhetherTheStartWasCold() {
        JsonNode first = metrics.get(0);
        assertThat(first.path("coldStart").asText()).isEqualTo("true");
        assertThat(first.path("case").asText()).isEqualTo("first.npz");
        assertThat(first.path("Model").asText()).isEqualTo(SegmentationContract.DEFAULT_MODEL);
        assertThat(first.path("BoxesDecoded").asInt()).isEqualTo(2);
        assertThat(first.path("requestId").asText()).isEqualTo("request-1");
        assertThat(first.path("xrayTraceId").asText()).isEqualTo(LambdaRuntime.TRACE_ID);

        assertThat(metrics.get(1).path("coldStart").asText()).isEqualTo("false");
        assertThat(metrics.get(1).path("case").asText()).startsWith("second");

        JsonNode bad = metrics.get(2);
        assertThat(bad.path("Reason").asText()).isEqualTo("invalid-prompt");
        assertThat(bad.path("Failures").asInt()).isEqualTo(1);
        assertThat(bad.path("case").asText()).isEqualTo("bad.npz");
        assertThat(bad.path("model").asText()).isEqualTo(SegmentationContract.DEFAULT_MODEL);
        assertThat(bad.path("coldStart").asText()).isEqualTo("false");
    }

    /** Begun in the handler's constructor it would come too late: super's starts Quarkus. */
    @Test
    void theDefaultBundleIsOpenedBesideQuarkus() {
        assertThat(lambda.log())
                .contains("opened bundle %s, beside Quarkus".formatted(SegmentationContract.DEFAULT_MODEL))
                .doesNotContain("opened bundle %s\"".formatted(SegmentationContract.DEFAULT_MODEL));
    }

    @Test
    void logLinesSayTheSameOfTheirInvocation() throws IOException {
        JsonNode line = Door.JSON.readTree(lambda.log()
                .lines()
                .filter(text -> text.contains("segmented a case"))
                .findFirst()
                .orElseThrow());

        assertThat(line.at("/mdc/coldStart").asText()).isEqualTo("true");
        assertThat(line.at("/mdc/case").asText()).isEqualTo("first.npz");
        assertThat(line.at("/mdc/model").asText()).isEqualTo(SegmentationContract.DEFAULT_MODEL);
        assertThat(line.at("/mdc/requestId").asText()).isEqualTo("request-1");
        assertThat(line.at("/mdc/xrayTraceId").asText()).isEqualTo(LambdaRuntime.TRACE_ID);
        assertThat(line.path("message").asText()).contains(SegmentationContract.DEFAULT_MODEL);
    }
}
