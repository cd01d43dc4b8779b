package org.medficientsam.function;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;

/** The Lambda function {@code segment}: one case in, one result out. */
public class SegmentFunction {
    private static final Logger LOG = Logger.getLogger(SegmentFunction.class);

    private final SegmentationService service;
    private final FunctionConfig config;
    private final FunctionMetrics metrics;
    private final ObjectMapper json;

    @Inject
    SegmentFunction(SegmentationService service, FunctionConfig config, FunctionMetrics metrics, ObjectMapper json) {
        this.service = service;
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
            return service.segment(
                            SegmentationRequest.of(event, config.maxBodySize().asLongValue()))
                    .result();
        } catch (Exception | OutOfMemoryError e) {
            return new Failed(fault(e));
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

    /**
     * What a function throws Funqy wraps, and the wrapper would be the caller's errorType. What the writer throws it does not.
     */
    private record Failed(LambdaFault fault) implements JsonSerializable {
        @Override
        public void serialize(JsonGenerator out, SerializerProvider types) throws LambdaFault {
            throw fault;
        }

        @Override
        public void serializeWithType(JsonGenerator out, SerializerProvider types, TypeSerializer typed)
                throws LambdaFault {
            throw fault;
        }
    }
}
