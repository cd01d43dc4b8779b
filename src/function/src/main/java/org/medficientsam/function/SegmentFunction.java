package org.medficientsam.function;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;

/** The Lambda function {@code segment}: one case in, one result out. */
public class SegmentFunction {
    private static final Logger LOG = Logger.getLogger(SegmentFunction.class);

    private final StoredAnswers answers;
    private final ObjectStore store;
    private final FunctionConfig config;
    private final FunctionMetrics metrics;
    private final ObjectMapper json;

    @Inject
    SegmentFunction(
            StoredAnswers answers,
            ObjectStore store,
            FunctionConfig config,
            FunctionMetrics metrics,
            ObjectMapper json) {
        this.answers = answers;
        this.store = store;
        this.config = config;
        this.metrics = metrics;
        this.json = json;
    }

    /**
     * @param event {@link SegmentationRequest#of}; read by hand, since a binding's own errors would show its stack trace
     * @return a {@link SegmentationResult}, or something that fails when Funqy writes it
     */
    @Funq("segment")
    public Object segment(JsonNode event) {
        try {
            return answers.segment(
                    SegmentationRequest.of(event, config.maxBodySize().asLongValue(), store));
        } catch (Exception | OutOfMemoryError e) {
            return new FailedInvocation(fault(e));
        }
    }

    LambdaFault fault(Throwable failure) {
        Problem problem = Problem.of(failure);
        metrics.failed(problem);
        if (problem == Problem.INTERNAL) {
            LOG.error("invocation failed", failure);
        }
        try {
            return problem.toLambdaFault(json.writeValueAsString(ProblemDetail.of(failure, RequestId.current())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem must be writable", e);
        }
    }
}
