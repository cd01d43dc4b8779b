package org.medficientsam.function.lambda;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.MDC;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.SegmentationResult;

/**
 * Metrics as a log line that CloudWatch reads: on Lambda nobody scrapes, and a call per case would cost time and a right.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">
 *     Embedded metric format</a>
 */
@ApplicationScoped
class EmbeddedMetrics {
    private static final String NAMESPACE = "MedficientSAM";
    /** What log lines say of the invocation, its case and its model. */
    private static final List<String> CONTEXT =
            List.of("requestId", InvocationContext.COLD_START, "xrayTraceId", "case", "model");

    private static final String COUNT = "Count";
    private static final String MILLISECONDS = "Milliseconds";

    private final ObjectMapper json;

    @Inject
    EmbeddedMetrics(ObjectMapper json) {
        this.json = json;
    }

    private record Metric(double value, String unit) {}

    void segmented(@Observes SegmentationResult result) {
        Map<String, Metric> metrics = new TreeMap<>();
        metrics.put("Cases", new Metric(1, COUNT));
        metrics.put("SlicesEncoded", new Metric(result.slicesEncoded(), COUNT));
        metrics.put("BoxesDecoded", new Metric(result.boxesDecoded(), COUNT));
        result.timingsMs().forEach((stage, ms) -> metrics.put("Stage." + stage, new Metric(ms, MILLISECONDS)));
        if (result.peakRssBytes() != null) {
            metrics.put("PeakRss", new Metric(result.peakRssBytes(), "Bytes"));
        }
        emit("Model", result.model().id(), metrics, System.out);
    }

    void failed(@Observes Problem problem) {
        emit("Reason", problem.reason(), Map.of("Failures", new Metric(1, COUNT)), System.out);
    }

    /** One line: CloudWatch reads no other. */
    private void emit(String dimension, String value, Map<String, Metric> metrics, PrintStream log) {
        if (!LambdaEnvironment.isPresent()) {
            return;
        }
        ObjectNode line = json.createObjectNode().put(dimension, value);
        for (String known : CONTEXT) {
            if (MDC.get(known) instanceof String what) line.put(known, what);
        }
        ObjectNode aws = line.putObject("_aws").put("Timestamp", System.currentTimeMillis());
        ObjectNode directive = aws.putArray("CloudWatchMetrics").addObject().put("Namespace", NAMESPACE);
        directive.putArray("Dimensions").addArray().add(dimension);
        ArrayNode definitions = directive.putArray("Metrics");
        metrics.forEach((name, metric) -> {
            definitions.addObject().put("Name", name).put("Unit", metric.unit);
            line.put(name, metric.value);
        });
        log.println(line);
    }
}
