package org.medficientsam.function.lambda;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.medficientsam.function.answer.NpzForm;
import org.medficientsam.function.s3.ObjectArrival;
import org.medficientsam.function.s3.ObjectStore;
import org.medficientsam.function.s3.ResultKeys;
import org.medficientsam.function.s3.S3Uri;
import org.medficientsam.function.s3.SegmentEvent;
import org.medficientsam.function.s3.StoredAnswers;
import org.medficientsam.function.s3.StoredCase;
import org.medficientsam.function.service.FunctionMetrics;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemDetail;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.function.service.RequestContext;
import org.medficientsam.function.service.SegmentationRequest;
import org.medficientsam.function.service.SegmentationResult;
import org.medficientsam.function.service.Wanted;

/** Segments objects as they arrive, each to a label map or to an error object that says why not. */
@ApplicationScoped
class ObjectSegmentation {
    private static final Logger LOG = Logger.getLogger(ObjectSegmentation.class);

    private final StoredAnswers answers;
    private final ObjectStore store;
    private final EventsConfig config;
    private final FunctionMetrics metrics;
    private final ObjectMapper json;

    @Inject
    ObjectSegmentation(
            StoredAnswers answers, ObjectStore store, EventsConfig config, FunctionMetrics metrics, ObjectMapper json) {
        this.answers = answers;
        this.store = store;
        this.config = config;
        this.metrics = metrics;
        this.json = json;
    }

    /** What an error object holds. */
    private record ErrorObject(@JsonProperty("case") String caseName, String input, ProblemDetail problem) {}

    /**
     * @param alone whether all of the invocation's time was this object's
     * @return empty for what lies where our own output goes: to segment that would never end
     * @throws ProblemException if another try may go better
     */
    Optional<ArrivalsReport.Settled> segment(ObjectArrival arrival, boolean alone, RequestContext context)
            throws IOException {
        S3Uri input = arrival.uri();
        context.about(input.fileName());
        S3Uri output = output();
        if (input.isUnder(output)) {
            LOG.warn("an object under the output prefix arrived and is left alone; filter the notification");
            return Optional.empty();
        }
        try {
            SegmentationResult result = answers.segment(
                    new SegmentEvent(
                            new SegmentationRequest(
                                    new StoredCase(store, store.locate(input, arrival.version(), context)),
                                    input.fileName(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Wanted.of(new NpzForm())),
                            Optional.of(output)),
                    context);
            return Optional.of(ArrivalsReport.Settled.segmented(
                    input, Objects.requireNonNull(result.segs().s3())));
        } catch (RuntimeException e) {
            Problem problem = Problem.of(e);
            if (problem.isTemporary()
                    || problem == Problem.INTERNAL
                    || problem == Problem.DEADLINE_EXCEEDED && !alone) {
                throw e;
            }
            metrics.failed(problem);
            S3Uri error = ResultKeys.error(output, input);
            ProblemDetail detail = ProblemDetail.of(e, context.id());
            LOG.infof("object refused: %s", problem.reason());
            store.put(
                    error,
                    json.writeValueAsBytes(new ErrorObject(input.fileName(), input.toString(), detail)),
                    MediaTypes.JSON,
                    context);
            return Optional.of(ArrivalsReport.Settled.refused(input, error));
        }
    }

    private S3Uri output() {
        return S3Uri.parse(
                "medficientsam.events.output",
                config.output().orElseThrow(() -> new IllegalStateException("medficientsam.events.output is not set")));
    }
}
