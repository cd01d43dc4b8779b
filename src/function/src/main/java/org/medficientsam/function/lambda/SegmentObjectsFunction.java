package org.medficientsam.function.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.function.s3.ObjectArrival;
import org.medficientsam.function.s3.SegmentEventParser;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.RequestContext;

/**
 * The Lambda function {@code segmentObjects}: cases as they arrive in S3, told by S3 itself, SNS or EventBridge, straight or through SQS. What a case's owner
 * must mend ends in an error object and is done with; only what may pass (and a message that says nothing, which a dead-letter
 * queue should keep) is delivered again.
 */
public class SegmentObjectsFunction {
    private static final Logger LOG = Logger.getLogger(SegmentObjectsFunction.class);

    private final ObjectSegmentation objects;
    private final SegmentFunction segment;
    private final ObjectMapper json;

    @Inject
    SegmentObjectsFunction(ObjectSegmentation objects, SegmentFunction segment, ObjectMapper json) {
        this.objects = objects;
        this.segment = segment;
        this.json = json;
    }

    /**
     * @param event a notification ({@link ObjectArrival#in}), or an SQS batch of them
     * @return an {@link ArrivalsReport}, or something that fails when Funqy writes it: an S3 event has no partial answer, so
     *     all of it comes again, and what is done is found done
     */
    @Funq("segmentObjects")
    public Object segmentObjects(@Nullable JsonNode event) {
        RequestContext context = InvocationContext.current();
        List<ArrivalsReport.Settled> settled = new ArrayList<>();
        try {
            if (event == null || event.isMissingNode()) {
                throw SegmentEventParser.notJson();
            }
            if (isQueue(event)) {
                return new ArrivalsReport(queue(event.path("Records"), settled, context), settled);
            }
            @Nullable Throwable failure = segmentAll(event, settled, context);
            if (failure == null) {
                return new ArrivalsReport(List.of(), settled);
            }
            return new FailedInvocation(segment.fault(failure, context));
        } catch (InvalidCaseException e) {
            return new FailedInvocation(segment.fault(e, context));
        }
    }

    private static boolean isQueue(JsonNode event) {
        return event.path("Records").path(0).path("eventSource").asText().equals("aws:sqs");
    }

    private List<ArrivalsReport.Redelivery> queue(
            JsonNode messages, List<ArrivalsReport.Settled> settled, RequestContext context) {
        List<ArrivalsReport.Redelivery> again = new ArrayList<>();
        for (JsonNode message : messages) {
            context.aboutNoCase(); // whatever the message before was about
            @Nullable Throwable failure;
            try {
                failure = segmentAll(json.readTree(message.path("body").asText()), settled, context);
            } catch (JsonProcessingException | InvalidCaseException e) {
                failure = e;
            }
            if (failure != null) {
                Problem problem = failure instanceof JsonProcessingException ? Problem.MALFORMED : Problem.of(failure);
                LOG.warnf("message goes back: %s", problem.reason());
                again.add(
                        new ArrivalsReport.Redelivery(message.path("messageId").asText()));
            }
        }
        return again;
    }

    /** Every object of a notification, whatever happens to the others; the last failure, if any. */
    private @Nullable Throwable segmentAll(
            JsonNode notification, List<ArrivalsReport.Settled> settled, RequestContext context) {
        @Nullable Throwable failure = null;
        for (ObjectArrival arrival : ObjectArrival.in(notification, json)) {
            try {
                objects.segment(arrival, settled.isEmpty(), context).ifPresent(settled::add);
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                if (Problem.of(e) == Problem.INTERNAL) {
                    LOG.error("object failed", e);
                }
                failure = e;
            }
        }
        return failure;
    }
}
