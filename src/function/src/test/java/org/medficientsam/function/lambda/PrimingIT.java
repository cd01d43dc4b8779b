package org.medficientsam.function.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.medficientsam.function.SampleCase;

/**
 * The zip primes itself where nobody waits, and only there. SnapStart as far as it goes without Lambda: the hooks run, in the
 * runtime client that calls them there.
 */
class PrimingIT {
    private static final String PRIMED = "ran one inference before the first request";

    private static String logOfOneAnswer(String name, Map<String, String> environment) throws IOException {
        try (LambdaRuntime lambda = LambdaRuntime.start(
                name, "org.medficientsam.function.lambda.SegmentHandler::handleRequest", environment)) {
            assertThat(lambda.segment(SampleCase.image()).refused()).isFalse();
            return lambda.log();
        }
    }

    @Test
    void oneInferenceRunsBeforeTheSnapshot() throws IOException {
        Map<String, String> snapStart = Map.of(
                "AWS_LAMBDA_INITIALIZATION_TYPE",
                "snap-start",
                "JAVA_TOOL_OPTIONS",
                "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");

        assertThat(logOfOneAnswer("snap-start-it", snapStart)).contains(PRIMED, "primed for the snapshot");
    }

    @Test
    void oneInferenceRunsWhereTheProcessIsProvisioned() throws IOException {
        assertThat(logOfOneAnswer(
                        "provisioned-it", Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "provisioned-concurrency")))
                .contains(PRIMED);
    }

    @Test
    void whereAnEventIsWaitingItIsTheFirstInference() throws IOException {
        assertThat(logOfOneAnswer("on-demand-it", Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")))
                .contains("segmented a case")
                .doesNotContain(PRIMED);
    }
}
