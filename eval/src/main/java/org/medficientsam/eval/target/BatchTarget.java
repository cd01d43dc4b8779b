package org.medficientsam.eval.target;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.eval.Csv;
import org.medficientsam.eval.Progress;
import org.medficientsam.eval.dataset.DatasetCase;
import org.medficientsam.eval.target.CaseOutcome.Failed;
import org.medficientsam.eval.target.CaseOutcome.Segmented;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;

/**
 * The function many times at once, mapped over the cases by the state machine of infra/. Everything is sent before the first
 * case is asked for, and awaited; then each case's label map, or the reason why there is none, is fetched. A harness that is
 * stopped meanwhile finds its execution again.
 */
final class BatchTarget implements Target {

    private static final long POLL_MS = 2000;
    private static final Pattern STATE_MACHINE = Pattern.compile(
            "(arn:[^:]+:states:[^:]+:[^:]+):stateMachine:([^:]+)(:[^:]+)?"); // with a version or alias, or without
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String stateMachine;
    private final String executions; // how the ARNs of its executions begin
    private final S3Staging staging;
    private final Path note;
    private final SfnClient states;
    private final Map<String, String> results = new HashMap<>(); // key of the result object by case
    private final Map<String, String> reasons = new HashMap<>(); // key of the reason by case
    private volatile @Nullable ModelInfo answered;

    /** @throws IllegalArgumentException if there is no bucket, no state machine's ARN, or a model or rules are asked for */
    BatchTarget(String stateMachine, Options options) {
        Matcher parts = STATE_MACHINE.matcher(stateMachine);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "--target batch: must name arn:aws:states:REGION:ACCOUNT:stateMachine:NAME, got " + stateMachine);
        }
        S3Staging buckets = options.staging();
        if (buckets == null) {
            throw new IllegalArgumentException("--target batch: needs --bucket, which its function reads");
        }
        if (options.model() != null || options.rules() != null) {
            throw new IllegalArgumentException("--target batch: runs the function's own bundle and rules");
        }
        this.stateMachine = stateMachine;
        this.executions = parts.group(1) + ":execution:" + parts.group(2) + ":";
        this.staging = buckets;
        this.note = options.work().resolve("execution.arn");
        this.states = SfnClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    @Override
    public @Nullable ModelInfo answered() {
        return answered;
    }

    @Override
    public String peakRssMethod() {
        return "the peak resident set of the environment that answered, so far";
    }

    @Override
    public void announce(List<DatasetCase> cases, Path work) throws IOException, InterruptedException {
        try {
            if (Files.exists(note)) {
                followAgain(Files.readString(note), cases.size());
            }
            collect();
            List<DatasetCase> missing = cases.stream()
                    .filter(each -> !results.containsKey(each.name()) && !reasons.containsKey(each.name()))
                    .toList();
            if (!missing.isEmpty()) {
                follow(start(missing, work), cases.size());
                collect();
            }
        } catch (SdkException e) {
            throw new TargetUnavailableException("the batch cannot be run: " + e.getMessage());
        }
    }

    private String start(List<DatasetCase> cases, Path work) throws IOException {
        StringBuilder manifest = new StringBuilder("Key\n");
        try (ProgressBar bar = Progress.bar("upload", cases.size())) {
            for (DatasetCase each : cases) {
                if (upload(each, work)) {
                    manifest.append(Csv.line(List.of(staging.caseKey(each.name()))));
                }
                bar.step();
            }
        }
        String name = "eval-" + UUID.randomUUID();
        String key = staging.prefix() + name + ".csv";
        staging.uploadText(key, manifest.toString());
        Map<String, String> input = Map.of(
                "bucket", staging.casesBucket(),
                "manifest", key,
                "resultsBucket", staging.resultsBucket(),
                "resultsPrefix", staging.prefix());
        String json = JSON.writeValueAsString(input);
        // Noted first, so that a harness that is killed now finds it again if it was started.
        Files.writeString(note, executions + name);
        // Under its own name a start that is retried starts nothing twice.
        String execution = states.startExecution(request ->
                        request.stateMachineArn(stateMachine).name(name).input(json))
                .executionArn();
        Files.writeString(note, execution);
        return execution;
    }

    /** @return false for a file that is no npz, of which the run will say so */
    private boolean upload(DatasetCase each, Path work) throws IOException {
        try {
            Path input = each.input(work);
            staging.upload(each.name(), input);
            if (!input.equals(each.image())) {
                Files.delete(input);
            }
            return true;
        } catch (InvalidCaseException unreadable) {
            return false;
        }
    }

    private void followAgain(String execution, int cases) throws IOException, InterruptedException {
        try {
            follow(execution, cases);
        } catch (ExecutionDoesNotExistException neverStarted) {
            Files.delete(note);
        }
    }

    private void follow(String execution, int cases) throws IOException, InterruptedException {
        try (ProgressBar bar = Progress.bar("batch", cases)) {
            while (true) {
                DescribeExecutionResponse now = states.describeExecution(request -> request.executionArn(execution));
                bar.stepTo(settled());
                if (now.status() == ExecutionStatus.SUCCEEDED) {
                    return;
                }
                if (now.status() != ExecutionStatus.RUNNING) {
                    // Cases that were not reached are sent again by the next run, which needs another execution.
                    Files.deleteIfExists(note);
                    throw new TargetUnavailableException("execution %s ended as %s: %s %s"
                            .formatted(execution, now.status(), now.error(), now.cause()));
                }
                Thread.sleep(POLL_MS);
            }
        }
    }

    private long settled() {
        return staging.results(segsPrefix()).stream()
                        .filter(key -> key.endsWith(".json"))
                        .count()
                + staging.results(failedPrefix()).size();
    }

    private void collect() {
        for (String key : staging.results(segsPrefix())) {
            if (key.endsWith(".json")) {
                // <case>.<model>.<content>.json
                String stem =
                        key.substring(segsPrefix().length()).replaceFirst("\\.[0-9a-f]{12}\\.[0-9a-f]{12}\\.json$", "");
                results.put(stem + ".npz", key);
            }
        }
        for (String key : staging.results(failedPrefix())) {
            reasons.put(key.substring(key.lastIndexOf('/') + 1).replaceFirst("\\.json$", ""), key);
        }
    }

    private String segsPrefix() {
        return staging.prefix() + "segs/";
    }

    private String failedPrefix() {
        return staging.prefix() + "failed/";
    }

    @Override
    public CaseOutcome segment(Path input) {
        String name = input.getFileName().toString();
        try {
            String result = results.get(name);
            if (result != null) {
                FunctionAnswer answer = FunctionAnswer.parse(staging.result(result));
                answered = answer.model();
                String uri = answer.segsUri();
                byte[] segs = uri == null ? answer.segsNpz() : staging.download(uri);
                return new Segmented(seconds(answer.measures()), 1, segs, answer.measures());
            }
            String reason = reasons.get(name);
            return new Failed(0, 1, reason == null ? "neither label map nor reason came back" : reason(reason));
        } catch (IOException garbled) {
            return new Failed(0, 1, "answer: " + garbled.getMessage());
        } catch (SdkException gone) {
            throw new TargetUnavailableException("the results cannot be fetched: " + gone.getMessage());
        }
    }

    /** Nobody waited for a single case, so its time is the function's own. */
    private static double seconds(CaseOutcome.Measures measures) {
        return measures.stagesMs().values().stream().mapToDouble(ms -> ms).sum() / 1e3;
    }

    private String reason(String key) throws IOException {
        var reason = JSON.readTree(staging.result(key));
        try {
            return FunctionAnswer.parse(reason.path("cause").asText().getBytes(StandardCharsets.UTF_8))
                    .reason();
        } catch (IOException statesOwnWords) {
            return "%s: %s"
                    .formatted(
                            reason.path("error").asText(), reason.path("cause").asText());
        }
    }

    @Override
    public void close() {
        states.close();
        staging.close();
    }
}
