package org.medficientsam.function.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;
import org.medficientsam.function.service.RequestContext;

/** The {@link RequestContext} of the invocation that this thread works on: Funqy hands a function its event and nothing else. */
final class InvocationContext {
    static final String COLD_START = "coldStart";

    /** For the answer, or the refusal, to get out before Lambda kills the process. */
    static final Duration RESERVE = Duration.ofSeconds(1);

    /** Where AWS' runtime client puts the trace header; the AWS SDK takes it from there to S3. */
    private static final String TRACE_HEADER = "com.amazonaws.xray.traceHeader";

    private static final Pattern TRACE_ROOT = Pattern.compile("(?:^|;)Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)");
    private static final AtomicBoolean FIRST = new AtomicBoolean(true);
    private static final ThreadLocal<RequestContext> CURRENT = new ThreadLocal<>();

    private InvocationContext() {}

    /** From here on this thread works on that invocation, until {@link #leave}. */
    static void enter(Context invocation) {
        RequestContext context = RequestContext.of(invocation.getAwsRequestId())
                .within(Duration.ofMillis(invocation.getRemainingTimeInMillis()).minus(RESERVE));
        Matcher root = TRACE_ROOT.matcher(System.getProperty(TRACE_HEADER, ""));
        if (root.find()) context = context.withTrace(root.group(1));
        context.enter();
        MDC.put(COLD_START, Boolean.toString(FIRST.getAndSet(false)));
        CURRENT.set(context);
    }

    /** The current invocation's; one without id and deadline of Lambda's where another handler than ours runs the function. */
    static RequestContext current() {
        @Nullable RequestContext context = CURRENT.get();
        return context != null ? context : RequestContext.of(null);
    }

    static void leave() {
        current().leave();
        MDC.remove(COLD_START);
        CURRENT.remove();
    }
}
