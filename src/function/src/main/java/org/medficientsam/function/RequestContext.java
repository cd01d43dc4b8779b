package org.medficientsam.function;

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
    private final OptionalLong endNanos;
    private final Optional<String> trace;

    private RequestContext(String id, OptionalLong endNanos, Optional<String> trace) {
        this.id = id;
        this.endNanos = endNanos;
        this.trace = trace;
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
        return new RequestContext(id, OptionalLong.empty(), Optional.empty());
    }

    /** The same request, to be done within that time from now. */
    public RequestContext within(Duration time) {
        return new RequestContext(id, OptionalLong.of(System.nanoTime() + time.toNanos()), trace);
    }

    /** The same request as part of that trace. */
    public RequestContext withTrace(String traceId) {
        return new RequestContext(id, endNanos, Optional.of(traceId));
    }

    /** What the log, the answer and a problem call this request. */
    public String id() {
        return id;
    }

    /** Time that is left, never negative; empty if there is no deadline. */
    public Optional<Duration> remaining() {
        return endNanos.isPresent()
                ? Optional.of(Duration.ofNanos(Math.max(0, endNanos.getAsLong() - System.nanoTime())))
                : Optional.empty();
    }

    /** Whether no time is left. */
    public boolean isOver() {
        return remaining().filter(Duration::isZero).isPresent();
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
