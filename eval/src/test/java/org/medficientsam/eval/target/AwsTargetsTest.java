package org.medficientsam.eval.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What needs no AWS; the rest runs against the real zip in infra/tests. */
class AwsTargetsTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path temp;

    @Test
    void resultIsReadWithItsMeasures() throws IOException {
        FunctionAnswer answer = answer(
                "{\"case\":\"a.npz\",\"model\":{\"id\":\"nano\",\"sha256\":\"ab\",\"precision\":\"fp32\"},"
                        + "\"segs\":{\"s3\":\"s3://results/a.npz\"},\"timingsMs\":{\"encode\":12.5},\"slicesEncoded\":1,\"boxesDecoded\":2}");

        assertThat(answer.segsUri()).isEqualTo("s3://results/a.npz");
        assertThat(answer.model()).isEqualTo(new ModelInfo("nano", "ab", "fp32", null, null, null, null));
        assertThat(answer.measures())
                .isEqualTo(new CaseOutcome.Measures(
                        Map.of("encode", 12.5), OptionalLong.of(1), OptionalLong.of(2), OptionalLong.empty()));
    }

    @Test
    void reasonIsTheProblemsOwnWords() throws IOException {
        FunctionAnswer answer = answer(
                "{\"errorType\":\"org.medficientsam.function.LambdaFault$InvalidPrompt\","
                        + "\"errorMessage\":\"{\\\"title\\\":\\\"Invalid prompt\\\",\\\"status\\\":422,\\\"detail\\\":\\\"boxes must be\\\"}\"}");

        assertThat(answer.errorType()).isEqualTo("InvalidPrompt");
        assertThat(answer.reason()).isEqualTo("422 Invalid prompt: boxes must be");
    }

    @Test
    void lambdasOwnErrorsAreToldAsTheyAre() throws IOException {
        FunctionAnswer answer =
                answer("{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"Task timed out after 3.00 seconds\"}");

        assertThat(answer.reason()).isEqualTo("Timedout: Task timed out after 3.00 seconds");
    }

    private void open(String target) {
        Target.of(target, new Target.Options(Duration.ofSeconds(1), Duration.ofSeconds(1), null, null, temp));
    }

    @Test
    void batchNeedsABucketAndTheFunctionsOwnModel() {
        assertThatThrownBy(() -> open("batch:arn:aws:states:eu-west-1:123456789012:stateMachine:batch"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--bucket");
    }

    @Test
    void batchNeedsTheArnOfAStateMachine() {
        assertThatThrownBy(() -> open("batch:medficientsam"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "--target batch: must name arn:aws:states:REGION:ACCOUNT:stateMachine:NAME, got medficientsam");
    }

    @Test
    void stagingOfARunIsFoundAgain() throws IOException {
        String id = S3Staging.id(temp);

        assertThat(S3Staging.id(temp)).isEqualTo(id);
        assertThat(S3Staging.id(temp.resolve("other"))).isNotEqualTo(id);
    }

    private static FunctionAnswer answer(String json) throws IOException {
        return FunctionAnswer.parse(json.getBytes(StandardCharsets.UTF_8));
    }
}
