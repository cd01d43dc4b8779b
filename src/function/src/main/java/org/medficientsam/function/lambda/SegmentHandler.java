package org.medficientsam.function.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.quarkus.arc.Arc;
import io.quarkus.funqy.lambda.FunqyStreamHandler;
import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.medficientsam.function.s3.SegmentEventParser;
import org.medficientsam.function.service.WarmUp;

/**
 * The Lambda handler. Beyond {@link FunqyStreamHandler}, which works too, it starts everything while Lambda initialises rather than
 * in the first invocation, opens the model meanwhile, and puts Lambda's request id into the log lines.
 */
public final class SegmentHandler extends FunqyStreamHandler {
    static {
        // Not in the constructor: super's already starts Quarkus.
        EarlyModel.begin(System.getenv());
    }

    /** Called once by the Lambda runtime. */
    public SegmentHandler() {
        Quarkus.manualStart();
        // Where an event is waiting already, it is the first inference itself; a snapshot is primed by its own hook.
        if (LambdaEnvironment.isProvisioned())
            Arc.container().instance(WarmUp.class).get().run();
    }

    @Override
    public void handleRequest(InputStream event, OutputStream result, Context context) throws IOException {
        InvocationContext.enter(context);
        try {
            super.handleRequest(event, result, context);
        } catch (JsonProcessingException e) {
            // Only outside AWS, which checks events itself.
            throw Arc.container()
                    .instance(SegmentFunction.class)
                    .get()
                    .fault(SegmentEventParser.notJson(), InvocationContext.current());
        } finally {
            InvocationContext.leave();
        }
    }
}
