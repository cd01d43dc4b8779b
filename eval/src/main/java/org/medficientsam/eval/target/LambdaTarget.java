package org.medficientsam.eval.target;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.target.CaseOutcome.Failed;
import org.medficientsam.eval.target.CaseOutcome.Segmented;
import org.medficientsam.eval.target.Retry.Passing;
import org.medficientsam.eval.target.Retry.Settled;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** The function on Lambda, invoked synchronously; what is too large for an event goes through S3. */
final class LambdaTarget implements Target {

    /** Lambda takes and gives 6 MiB; base64 makes four bytes of three, and the rest of the event needs some room. */
    static final long LARGEST_INLINE = (6L << 20) / 4 * 3 - (16 << 10);

    private static final String TOO_LARGE_AN_ANSWER = "ResponseSizeTooLarge";
    private static final Set<String> PASSING = Set.of("Busy", "NotReady", "StorageUnavailable");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String function;
    private final Options options;
    private final @Nullable S3Staging staging;
    private final LambdaClient lambda;
    private volatile @Nullable ModelInfo answered;

    /** @param function its name or ARN, with an alias or without */
    LambdaTarget(String function, Options options) {
        this.function = function;
        this.options = options;
        this.staging = options.staging();
        this.lambda = LambdaClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(options.timeout()))
                // Retried here, where attempts are counted.
                .overrideConfiguration(client ->
                        client.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(options.timeout()))
                .build();
    }

    @Override
    public @Nullable ModelInfo answered() {
        return answered;
    }

    @Override
    public String peakRssMethod() {
        return OWN_PEAK;
    }

    @Override
    public CaseOutcome segment(Path input) throws InterruptedException {
        try {
            if (Files.size(input) <= LARGEST_INLINE) {
                CaseOutcome outcome = invoke(inline(input));
                boolean answerTooLarge =
                        outcome instanceof Failed failed && failed.reason().startsWith(TOO_LARGE_AN_ANSWER);
                if (!answerTooLarge || staging == null) {
                    return outcome;
                }
            }
            if (staging == null) {
                return new Failed(
                        0,
                        0,
                        "the case must be at most %d bytes to go in an event, got %d: give --bucket"
                                .formatted(LARGEST_INLINE, Files.size(input)));
            }
            staging.upload(input.getFileName().toString(), input);
            return invoke(reference(input, staging));
        } catch (IOException unreadable) {
            return new Failed(0, 0, "the case cannot be read: " + unreadable.getMessage());
        } catch (SdkException storage) {
            throw new TargetUnavailableException("the bucket cannot be used: " + storage.getMessage());
        }
    }

    private ObjectNode inline(Path input) throws IOException {
        ObjectNode event = event(input);
        event.putObject("input").put("npz", Files.readAllBytes(input));
        event.putObject("output").put("inline", true);
        return event;
    }

    private ObjectNode reference(Path input, S3Staging bucket) {
        ObjectNode event = event(input);
        String key = bucket.caseKey(input.getFileName().toString());
        event.putObject("input").put("s3", "s3://%s/%s".formatted(bucket.casesBucket(), key));
        event.putObject("output").put("s3", "s3://%s/%ssegs/".formatted(bucket.resultsBucket(), bucket.prefix()));
        return event;
    }

    private ObjectNode event(Path input) {
        ObjectNode event =
                JSON.createObjectNode().put("case", input.getFileName().toString());
        if (options.model() != null) {
            event.put("model", options.model());
        }
        if (options.rules() != null) {
            event.put("rules", options.rules());
        }
        return event;
    }

    private CaseOutcome invoke(ObjectNode event) throws IOException, InterruptedException {
        byte[] payload = JSON.writeValueAsBytes(event);
        return new Retry(options.patience()).until(number -> attempt(payload, number), () -> {}, (attempts, last) -> {
            throw new TargetUnavailableException("%s: %s (tried for %d s)"
                    .formatted(function, last.trouble(), options.patience().toSeconds()));
        });
    }

    private Retry.Attempt<CaseOutcome> attempt(byte[] payload, int number) {
        long start = System.nanoTime();
        try {
            InvokeResponse response =
                    lambda.invoke(request -> request.functionName(function).payload(SdkBytes.fromByteArray(payload)));
            double seconds = (System.nanoTime() - start) / 1e9;
            FunctionAnswer answer = FunctionAnswer.parse(response.payload().asByteArray());
            if (response.functionError() == null) {
                return new Settled<>(segmented(answer, seconds, number));
            }
            return PASSING.contains(answer.errorType())
                    ? Passing.because(answer.reason())
                    : new Settled<>(new Failed(seconds, number, answer.reason()));
        } catch (IOException garbled) {
            return new Settled<>(new Failed(0, number, "answer: " + garbled.getMessage()));
        } catch (SdkServiceException refused) {
            if (refused.statusCode() != 429 && refused.statusCode() < 500) {
                throw new TargetUnavailableException(
                        "Lambda refuses to invoke %s: %s".formatted(function, refused.getMessage()));
            }
            return Passing.because("Lambda answers " + refused.statusCode());
        } catch (SdkClientException broken) {
            return Passing.because("Lambda cannot be reached: " + broken.getMessage());
        }
    }

    private CaseOutcome segmented(FunctionAnswer answer, double seconds, int attempt) throws IOException {
        answered = answer.model();
        String uri = answer.segsUri();
        byte[] segs = uri == null || staging == null ? answer.segsNpz() : staging.download(uri);
        return new Segmented(seconds, attempt, segs, answer.measures());
    }

    @Override
    public void close() {
        lambda.close();
        if (staging != null) {
            staging.close();
        }
    }
}
