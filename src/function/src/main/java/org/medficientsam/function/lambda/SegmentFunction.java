package org.medficientsam.function.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;
import org.medficientsam.function.LambdaFault;
import org.medficientsam.function.s3.SegmentEventParser;
import org.medficientsam.function.s3.StoredAnswers;
import org.medficientsam.function.service.FunctionMetrics;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemDetail;
import org.medficientsam.function.service.RequestContext;
import org.medficientsam.function.service.SegmentationResult;

/** The Lambda function {@code segment}: one case in, one result out. */
public class SegmentFunction {
    private static final Logger LOG = Logger.getLogger(SegmentFunction.class);

    private final StoredAnswers answers;
    private final SegmentEventParser parser;
    private final FunctionMetrics metrics;
    private final ObjectMapper json;
    private final HttpEvents http;

    @Inject
    SegmentFunction(
            StoredAnswers answers,
            SegmentEventParser parser,
            FunctionMetrics metrics,
            ObjectMapper json,
            HttpEvents http) {
        this.answers = answers;
        this.parser = parser;
        this.metrics = metrics;
        this.json = json;
        this.http = http;
    }

    /**
     * @param event what {@link SegmentEventParser} reads; a node, read by hand, since a binding's own errors would show its stack trace
     *     or an {@link HttpEvent}
     * @return a {@link SegmentationResult} or an {@link HttpAnswer}, or something that fails when Funqy writes it
     */
    @Funq("segment")
    public Object segment(JsonNode event) {
        RequestContext context = InvocationContext.current();
        if (HttpEvent.isOne(event)) return http.answer(event, context);
        try {
            return answers.segment(parser.parse(event, context), context);
        } catch (Exception | OutOfMemoryError e) {
            return new FailedInvocation(fault(e, context));
        }
    }

    LambdaFault fault(Throwable failure, RequestContext context) {
        Problem problem = Problem.of(failure);
        metrics.failed(problem);
        if (problem == Problem.INTERNAL) {
            LOG.error("invocation failed", failure);
        }
        try {
            return LambdaFaults.of(problem, json.writeValueAsString(ProblemDetail.of(failure, context.id())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem must be writable", e);
        }
    }
}
