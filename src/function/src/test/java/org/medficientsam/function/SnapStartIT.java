package org.medficientsam.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The zip under SnapStart, as far as it goes without Lambda: the hooks run, in the runtime client that calls them there. */
class SnapStartIT {
    @Test
    void oneInferenceRunsBeforeTheSnapshot() throws IOException {
        Map<String, String> snapStart = Map.of(
                "AWS_LAMBDA_INITIALIZATION_TYPE",
                "snap-start",
                "JAVA_TOOL_OPTIONS",
                "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");
        try (LambdaRuntime lambda = LambdaRuntime.start(
                "snap-start-it", "org.medficientsam.function.SegmentHandler::handleRequest", snapStart)) {
            assertThat(lambda.segment(SampleCase.image()).refused()).isFalse();
            assertThat(lambda.log()).contains("primed for the snapshot");
        }
    }
}
