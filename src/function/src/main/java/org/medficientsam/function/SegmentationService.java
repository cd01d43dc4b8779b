package org.medficientsam.function;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.npz.LabelMapNpz;
import org.medficientsam.casefile.overlay.Overlay;
import org.medficientsam.segmenter.Rules;
import org.medficientsam.segmenter.Segmentation;
import org.medficientsam.segmenter.SegmentationStoppedException;

/** One case from its source to its answer, for whichever door it came through. */
@ApplicationScoped
public class SegmentationService {
    private static final Logger LOG = Logger.getLogger(SegmentationService.class);

    private final AdmissionControl admission;
    private final OpenBundles bundles;
    private final FunctionConfig config;
    private final FunctionMetrics metrics;
    private final CaseTimeEstimate estimate;

    @Inject
    SegmentationService(
            AdmissionControl admission,
            OpenBundles bundles,
            FunctionConfig config,
            FunctionMetrics metrics,
            CaseTimeEstimate estimate) {
        this.admission = admission;
        this.bundles = bundles;
        this.config = config;
        this.metrics = metrics;
        this.estimate = estimate;
    }

    /**
     * Waits for a turn and segments the case on this thread.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if it is not a valid case
     * @throws ProblemException for an unknown model or rule set, or if too many wait
     */
    public Answer segment(SegmentationRequest request, RequestContext context) {
        try {
            return admission.inTurn(() -> segmentNow(request, context));
        } catch (IOException e) {
            throw new UncheckedIOException("the case could not be read to its end", e);
        }
    }

    private Answer segmentNow(SegmentationRequest request, RequestContext context) throws IOException {
        try (OpenBundles.Loan loan = bundles.borrow(request.model())) {
            context.by(loan.model().id());
            Rules rules = rules(request.rules().or(config::rules))
                    .orElse(loan.segmenter().rules());
            if (!loan.segmenter().supports(rules))
                throw new ProblemException(
                        Problem.UNKNOWN_RULES,
                        "rules %s need a bundle with propagation, which model %s is not"
                                .formatted(rules.name(), loan.model().id()));
            long reading = System.nanoTime();
            CaseFile caseFile = request.source().read(config.npzLimits(), context);
            double readMs = millisSince(reading);
            Segmentation segmentation = inTime(loan, caseFile, rules, context);
            long writing = System.nanoTime();
            ByteArrayOutputStream segsNpz = new ByteArrayOutputStream();
            LabelMapNpz.write(segmentation.labels(), segsNpz);
            double writeMs = millisSince(writing);
            SegmentationResult result = SegmentationResult.of(
                    request.name(),
                    loan.model(),
                    segmentation,
                    segsNpz.toByteArray(),
                    segmentation.timings().withRead(readMs).withWrite(writeMs));
            metrics.segmented(result);
            LOG.infof(
                    "segmented a case: model %s, %d boxes, %d slices encoded, ms %s",
                    result.model().id(), result.labels().size(), result.slicesEncoded(), result.timingsMs());
            return new Answer(result, Overlay.of(caseFile, segmentation.labels()));
        }
    }

    /** Refuses what cannot be done by the deadline, and stops what turns out not to be. */
    private Segmentation inTime(OpenBundles.Loan loan, CaseFile caseFile, Rules rules, RequestContext context) {
        String model = loan.model().id();
        double leftMs = context.remaining().map(left -> left.toNanos() / 1e6).orElse(Double.MAX_VALUE);
        double leastMs = estimate.leastMillis(model, caseFile);
        if (leastMs > leftMs) {
            throw new ProblemException(
                    Problem.DEADLINE_EXCEEDED,
                    "the case must be done in %.1f s, but its %d slices and %d boxes take at least %.1f s"
                            .formatted(
                                    leftMs / 1e3,
                                    CaseTimeEstimate.slices(caseFile),
                                    caseFile.boxes().size(),
                                    leastMs / 1e3));
        }
        try {
            Segmentation segmentation =
                    loan.segmenter().segment(caseFile, rules, (done, total) -> done == total || !context.isOver());
            estimate.learn(model, segmentation);
            return segmentation;
        } catch (SegmentationStoppedException e) {
            throw new ProblemException(
                    Problem.DEADLINE_EXCEEDED, "the case must be done before the deadline, but " + e.getMessage());
        }
    }

    private static Optional<Rules> rules(Optional<String> name) {
        try {
            return name.map(Rules::named);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    Problem.UNKNOWN_RULES,
                    "rules must be one of %s, got %s".formatted(Rules.names(), ProblemException.excerpt(name.get())));
        }
    }

    private static double millisSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e6;
    }
}
