package org.medficientsam.function;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/** What this thread's log lines and metrics say of the Lambda invocation it works on, and the deadline it is under. */
final class Invocation {
    private static final String COLD_START = "coldStart";
    private static final String CASE = "case";
    private static final String MODEL = "model";
    private static final String TRACE = "xrayTraceId";

    /** Where AWS' runtime client puts the trace header; the AWS SDK takes it from there to S3. */
    private static final String TRACE_HEADER = "com.amazonaws.xray.traceHeader";

    private static final Pattern TRACE_ROOT = Pattern.compile("(?:^|;)Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)");
    private static final AtomicBoolean FIRST = new AtomicBoolean(true);

    private Invocation() {}

    static void enter(Context context) {
        RequestId.enter(context.getAwsRequestId());
        MDC.put(COLD_START, Boolean.toString(FIRST.getAndSet(false)));
        Matcher root = TRACE_ROOT.matcher(System.getProperty(TRACE_HEADER, ""));
        if (root.find()) {
            MDC.put(TRACE, root.group(1));
        }
        Deadline.enter(Duration.ofMillis(context.getRemainingTimeInMillis()));
    }

    static void leave() {
        Deadline.leave();
        MDC.remove(COLD_START);
        MDC.remove(TRACE);
        aboutNoCase();
        RequestId.leave();
    }

    /** From here on it is about that case. */
    static void about(String caseName) {
        MDC.put(CASE, ProblemException.excerpt(caseName));
    }

    /** From here on that bundle works on it. */
    static void by(String modelId) {
        if (LambdaEnvironment.isPresent()) { // elsewhere nothing ends an invocation, and threads are used again
            MDC.put(MODEL, modelId);
        }
    }

    /** Between two cases. */
    static void aboutNoCase() {
        MDC.remove(CASE);
        MDC.remove(MODEL);
    }

    /** Adds what is known: request id, cold start, trace, case, model. */
    static void describe(ObjectNode line) {
        put(line, "requestId", RequestId.current());
        put(line, COLD_START, MDC.get(COLD_START));
        put(line, TRACE, MDC.get(TRACE));
        put(line, CASE, MDC.get(CASE));
        put(line, MODEL, MDC.get(MODEL));
    }

    private static void put(ObjectNode line, String field, @Nullable Object value) {
        if (value != null) {
            line.put(field, value.toString());
        }
    }
}
