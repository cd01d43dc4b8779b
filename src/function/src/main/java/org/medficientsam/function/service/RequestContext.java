package org.medficientsam.function.service;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * One request as every part sees it, whichever door it came through: what the log calls it, until when it must be done, and which
 * trace it belongs to.
 */
public final class RequestContext {
    private static final String ID = "requestId";
    private static final String TRACE = "xrayTraceId";
    private static final String CASE = "case";
    private static final String MODEL = "model";

    /** What may go into a log line as it is. */
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

    private final String id;
    private volatile Optional<String> trace = Optional.empty();
    private volatile OptionalLong endNanos = OptionalLong.empty();
    private volatile @Nullable ProblemException stopped; // written under the lock, as is the thread
    private @Nullable Thread thread;

    private RequestContext(String id) {
        this.id = id;
    }

    /**
     * A request without deadline and trace.
     *
     * @param wantedId the caller's id; one that is absent or could forge log lines is replaced by a random one
     */
    public static RequestContext of(@Nullable String wantedId) {
        String id = wantedId != null && HARMLESS.matcher(wantedId).matches()
                ? wantedId
                : UUID.randomUUID().toString();
        return new RequestContext(id);
    }

    /** From here on the request is to be done within that time, unless it already had less. */
    public RequestContext within(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        endNanos = OptionalLong.of(endNanos.isPresent() ? Math.min(end, endNanos.getAsLong()) : end);
        return this;
    }

    /** From here on the request is part of that trace. */
    public RequestContext withTrace(String traceId) {
        trace = Optional.of(traceId);
        return this;
    }

    /** What the log, the answer and a problem call this request. */
    public String id() {
        return id;
    }

    /** Time that is left, never negative; empty if there is no deadline. */
    public Optional<Duration> remaining() {
        OptionalLong end = endNanos;
        return end.isPresent()
                ? Optional.of(Duration.ofNanos(Math.max(0, end.getAsLong() - System.nanoTime())))
                : Optional.empty();
    }

    /** Whether no time is left, or nobody waits any more. */
    public boolean isOver() {
        return stopped != null || remaining().filter(Duration::isZero).isPresent();
    }

    /** Work that ends early if the request does. */
    public interface Work<T> {
        /** @throws InterruptedException if the thread was interrupted */
        T run() throws IOException, InterruptedException;
    }

    /**
     * Does this request's work on this thread, which {@link #stop} interrupts.
     *
     * @throws ProblemException why it was stopped
     */
    public <T> T work(Work<T> work) throws IOException {
        begin(Thread.currentThread());
        try {
            return work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw whyStopped().orElseGet(() -> new ProblemException(Problem.BUSY, "the service is stopping"));
        } catch (IOException | RuntimeException e) {
            Optional<ProblemException> why = whyStopped();
            if (why.isPresent()) throw why.get(); // whatever the interrupt broke off
            throw e;
        } finally {
            end();
        }
    }

    private synchronized void begin(Thread worker) {
        if (stopped != null) throw stopped;
        thread = worker;
    }

    private synchronized void end() {
        thread = null;
        if (stopped != null && Thread.interrupted())
            return; // the interrupt was ours; the thread goes on to other requests
    }

    private synchronized Optional<ProblemException> whyStopped() {
        return Optional.ofNullable(stopped);
    }

    /**
     * Ends the request's work, now or before it begins: nobody waits for it any more.
     *
     * @param why what the work fails with
     */
    public synchronized void stop(ProblemException why) {
        if (stopped != null) return;
        stopped = why;
        if (thread != null) thread.interrupt();
    }

    /** From here on this thread's (or Vert.x context's) log lines carry id and trace. */
    public void enter() {
        MDC.put(ID, id);
        trace.ifPresent(traceId -> MDC.put(TRACE, traceId));
    }

    /** From here on it is about that case, and so are log lines; the id of a model is not known yet. */
    public void about(String caseName) {
        MDC.put(CASE, ProblemException.excerpt(caseName));
        MDC.remove(MODEL);
    }

    /** From here on that bundle works on the case. */
    public void by(String modelId) {
        MDC.put(MODEL, modelId);
    }

    /** Between two cases. */
    public void aboutNoCase() {
        MDC.remove(CASE);
        MDC.remove(MODEL);
    }

    /** Takes from this thread's log lines what {@link #enter}, {@link #about} and {@link #by} put there. */
    public void leave() {
        aboutNoCase();
        MDC.remove(TRACE);
        MDC.remove(ID);
    }
}
