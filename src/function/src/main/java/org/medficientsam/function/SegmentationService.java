package org.medficientsam.function;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.Overlay;
import org.medficientsam.segmenter.Progress;
import org.medficientsam.segmenter.Rules;
import org.medficientsam.segmenter.Segmentation;

/** One case from its source to its answer, for whichever door it came through. */
@ApplicationScoped
class SegmentationService {
    private static final Logger LOG = Logger.getLogger(SegmentationService.class);

    private final Turnstile turnstile;
    private final OpenBundles bundles;
    private final FunctionConfig config;
    private final FunctionMetrics metrics;

    @Inject
    SegmentationService(Turnstile turnstile, OpenBundles bundles, FunctionConfig config, FunctionMetrics metrics) {
        this.turnstile = turnstile;
        this.bundles = bundles;
        this.config = config;
        this.metrics = metrics;
    }

    /**
     * Waits for a turn and segments the case on this thread.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if it is not a valid case
     * @throws ProblemException for an unknown model or rule set, or if too many wait
     */
    Answer segment(SegmentationRequest request) {
        try {
            return turnstile.inTurn(() -> segmentNow(request));
        } catch (IOException e) {
            throw new UncheckedIOException("the case could not be read to its end", e);
        }
    }

    private Answer segmentNow(SegmentationRequest request) throws IOException {
        try (OpenBundles.Loan loan = bundles.borrow(request.model())) {
            Rules rules = rules(request.rules().or(config::rules))
                    .orElse(loan.segmenter().rules());
            long reading = System.nanoTime();
            CaseFile caseFile = request.source().read(config.npzLimits());
            double readMs = millisSince(reading);
            Segmentation segmentation = loan.segmenter().segment(caseFile, rules, Progress.NONE);
            long writing = System.nanoTime();
            ByteArrayOutputStream segsNpz = new ByteArrayOutputStream();
            segmentation.labels().segsNpz(segsNpz);
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
