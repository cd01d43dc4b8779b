package org.medficientsam.function.service;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.casefile.npz.LabelMapNpz;
import org.medficientsam.function.admission.AdmissionControl;
import org.medficientsam.function.admission.CaseCost;
import org.medficientsam.function.admission.CaseTimeEstimate;
import org.medficientsam.function.admission.CostLimits;
import org.medficientsam.imagefile.PreparedCase;
import org.medficientsam.segmenter.CaseOptions;
import org.medficientsam.segmenter.Progress;
import org.medficientsam.segmenter.Rules;
import org.medficientsam.segmenter.Segmentation;
import org.medficientsam.segmenter.SegmentationStoppedException;

/**
 * One case from its source to its answer, for whichever door it came through: fetched whole, its cost told from its header and
 * checked, and only then, with a turn, decoded, segmented, written and painted.
 */
@ApplicationScoped
public class SegmentationService {
    private static final Logger LOG = Logger.getLogger(SegmentationService.class);

    /** A case looks at its deadline after each step; one whose step takes longer than this is interrupted. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final AdmissionControl admission;
    private final OpenBundles bundles;
    private final FunctionConfig config;
    private final CostLimits limits;
    private final AnswerForms forms;
    private final FunctionMetrics metrics;
    private final CaseTimeEstimate estimate;
    private final AnswerRoom room;
    private final Set<RequestContext> underWay = ConcurrentHashMap.newKeySet();
    private volatile @Nullable ServiceStopping stopping;
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "deadlines");
        thread.setDaemon(true);
        return thread;
    });

    @Inject
    SegmentationService(
            AdmissionControl admission,
            OpenBundles bundles,
            FunctionConfig config,
            AnswerForms forms,
            FunctionMetrics metrics,
            CaseTimeEstimate estimate,
            AnswerRoom room) {
        this.admission = admission;
        this.bundles = bundles;
        this.config = config;
        this.limits = config.costLimits();
        this.forms = forms;
        this.metrics = metrics;
        this.estimate = estimate;
        this.room = room;
    }

    /**
     * Waits for a turn and segments the case on this thread.
     *
     * @param context may be stopped, which ends this with its reason at the next slice or box
     * @throws org.medficientsam.casefile.InvalidCaseException if it is not a valid case, or costs more than one may
     * @throws ProblemException for an unknown model or rule set, or why the case was stopped
     * @throws org.medficientsam.function.admission.AdmissionRefusedException if too many wait
     */
    public Answer segment(SegmentationRequest request, RequestContext context) {
        underWay.add(context);
        try {
            ServiceStopping now = stopping;
            if (now != null) context.stop(now.reason());
            return context.work(() -> segmentNow(request, context));
        } catch (IOException e) {
            throw new UncheckedIOException("the case could not be read to its end", e);
        } finally {
            underWay.remove(context);
        }
    }

    /** Ends all cases at their next slice or box, and those that would begin. */
    void stop(@Observes ServiceStopping now) {
        stopping = now;
        underWay.forEach(context -> context.stop(now.reason()));
    }

    private Answer segmentNow(SegmentationRequest request, RequestContext context)
            throws IOException, InterruptedException {
        String model = bundles.known(request.model());
        Optional<Rules> rules = rules(request.rules().or(config::rules));
        try (CaseContent content = request.source().fetch(config.npzLimits(), context)) {
            CaseHeader header = content.header(config.npzLimits());
            AnswerForm form = request.wanted().form();
            forms.check(form, header);
            request.wanted().check(header.boxes());
            CaseCost cost = CaseCost.of(header, content.bytesInMemory(), config.workers(), config.mostWindows())
                    .plus(form.heapBytes(header));
            limits.less(content.bytesKept()).check(cost);
            limits.check(estimate.leastMillis(model, cost));
            refuseWhatCannotBeDone(model, cost, context);
            AdmissionControl.Turn turn = admission.enter(cost.heapBytes(), estimate.isLong(model, cost));
            try {
                room.check();
                return segmentInTurn(request, content, rules, cost, context);
            } finally {
                turn.close();
            }
        }
    }

    /** Refuses what cannot be done by the deadline even if it begins now. */
    private void refuseWhatCannotBeDone(String model, CaseCost cost, RequestContext context) {
        double leftMs = context.remaining().map(left -> left.toNanos() / 1e6).orElse(Double.MAX_VALUE);
        double leastMs = estimate.leastMillis(model, cost);
        if (leastMs > leftMs) {
            throw new ProblemException(
                    Problem.DEADLINE_EXCEEDED,
                    "the case must be done in %.1f s, but its %d slices and %d boxes to decode take at least %.1f s"
                            .formatted(leftMs / 1e3, cost.slices(), cost.decodes(), leastMs / 1e3));
        }
    }

    private Answer segmentInTurn(
            SegmentationRequest request,
            CaseContent content,
            Optional<Rules> rules,
            CaseCost cost,
            RequestContext context)
            throws IOException, InterruptedException {
        Future<?> deadline = stopAtDeadline(context.within(limits.duration()));
        try (OpenBundles.Loan loan = bundles.borrow(request.model())) {
            context.by(loan.model().id());
            // The pace may have become known while the case waited.
            refuseWhatCannotBeDone(loan.model().id(), cost, context);
            long reading = System.nanoTime();
            PreparedCase prepared = content.read(config.npzLimits(), request.window());
            CaseFile caseFile = prepared.caseFile();
            double readMs = millisSince(reading);
            CaseOptions asked =
                    content.asked(CaseOptions.of(rules.orElse(loan.segmenter().rules())));
            Wanted wanted = request.wanted();
            AnswerForm.Writer writer = wanted.form().begin();
            CaseOptions cut = asked.withThreshold(wanted.threshold());
            Segmentation segmentation = wanted.numbered(
                    segment(loan, caseFile, writer.masks().map(cut::with).orElse(cut), context));
            long writing = System.nanoTime();
            Optional<byte[]> written = writer.write(prepared, segmentation, wanted.namesByLabel());
            @Nullable byte[] segsNpz = written.isPresent() ? null : npz(segmentation);
            double writeMs = millisSince(writing);
            SegmentationResult result = SegmentationResult.of(
                    request.name(),
                    loan.model(),
                    prepared.window(),
                    segmentation,
                    segsNpz,
                    segmentation.timings().withRead(readMs).withWrite(writeMs));
            metrics.segmented(result);
            LOG.infof(
                    "segmented a case: model %s, %d boxes, %d slices encoded, ms %s",
                    result.model().id(), result.labels().size(), result.slicesEncoded(), result.timingsMs());
            return new Answer(result, wanted.form(), written);
        } finally {
            deadline.cancel(false);
        }
    }

    private Future<?> stopAtDeadline(RequestContext context) {
        long nanos = context.remaining().orElseThrow().plus(PATIENCE).toNanos();
        return deadlines.schedule(() -> context.stop(late("it was not")), nanos, TimeUnit.NANOSECONDS);
    }

    private static ProblemException late(String but) {
        return new ProblemException(Problem.DEADLINE_EXCEEDED, "the case must be done before the deadline, but " + but);
    }

    /** Segments the case unless its deadline comes first. */
    private Segmentation segment(OpenBundles.Loan loan, CaseFile caseFile, CaseOptions asked, RequestContext context) {
        Progress heard = asked.progress();
        try {
            Segmentation segmentation = loan.segmenter()
                    .segment(
                            caseFile,
                            asked.with(
                                    (done, total) -> heard.step(done, total) && (done == total || !context.isOver())));
            estimate.learn(loan.model().id(), segmentation);
            return segmentation;
        } catch (SegmentationStoppedException e) {
            throw late(String.valueOf(e.getMessage())); // unless the request was stopped, which has its own reason
        }
    }

    private static byte[] npz(Segmentation segmentation) throws IOException {
        ByteArrayOutputStream segs = new ByteArrayOutputStream();
        LabelMapNpz.write(segmentation.labels(), segs);
        return segs.toByteArray();
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
