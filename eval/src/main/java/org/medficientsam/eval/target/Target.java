package org.medficientsam.eval.target;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.dataset.DatasetCase;

/**
 * Something that segments cases: the function, reached in one of the ways a user reaches it. What it says of a case is an
 * outcome; that it cannot be reached at all is an exception, and ends the run until it is resumed.
 */
public sealed interface Target extends AutoCloseable
        permits HttpTarget, WarmTarget, ColdTarget, LambdaTarget, BatchTarget {

    /** For a target that lives on from case to case: what it says of its memory. */
    String OWN_PEAK = "the function's own peak resident set so far (never falls from case to case)";

    /**
     * @param timeout for one attempt at one case
     * @param patience how long to go on retrying before giving up
     * @param model id of the bundle to ask for; null for the default one
     * @param rules name of the rules to ask for; null for the bundle's own
     * @param work folder for what a target needs to write
     * @param staging buckets for what does not go by wire; null if there are none
     */
    record Options(
            Duration timeout,
            Duration patience,
            @Nullable String model,
            @Nullable String rules,
            Path work,
            @Nullable S3Staging staging) {

        /** Without buckets. */
        public Options(Duration timeout, Duration patience, @Nullable String model, @Nullable String rules, Path work) {
            this(timeout, patience, model, rules, work, null);
        }
    }

    /**
     * Makes ready: starts what has to be started, waits until it answers.
     *
     * @throws TargetUnavailableException if it does not
     */
    default void open() throws InterruptedException {}

    /**
     * Says which cases will be sent, once before the first of them; a target that does all at once does it here.
     *
     * @param work where {@link DatasetCase#input} may put copies
     * @throws TargetUnavailableException if there is nobody to answer
     */
    default void announce(List<DatasetCase> cases, Path work) throws IOException, InterruptedException {}

    /** The bundle that will answer, or has; asked of the target where it can be asked. Null where it cannot be told yet. */
    default @Nullable ModelInfo model() {
        return answered();
    }

    /** The bundle behind the last answer, as far as answers tell; null before the first, or where they do not. */
    @Nullable
    ModelInfo answered();

    /** How peak memory was taken, in words for the report. */
    String peakRssMethod();

    /**
     * Sends one case. Called from several threads.
     *
     * @param input npz with imgs and boxes
     * @throws TargetUnavailableException if there is nobody to answer
     */
    CaseOutcome segment(Path input) throws InterruptedException;

    @Override
    void close();

    /**
     * A target from its name on the command line: {@code http://...}, {@code cold:JAR}, {@code warm:JAR}, {@code lambda:NAME},
     * {@code batch:STATE-MACHINE-ARN}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    static Target of(String name, Options options) {
        if (name.startsWith("http://") || name.startsWith("https://")) {
            return new HttpTarget(name, options);
        }
        if (name.startsWith("cold:")) {
            return new ColdTarget(jar(name), options);
        }
        if (name.startsWith("warm:")) {
            return new WarmTarget(jar(name), options);
        }
        if (name.startsWith("lambda:")) {
            return new LambdaTarget(name.substring("lambda:".length()), options);
        }
        if (name.startsWith("batch:")) {
            return new BatchTarget(name.substring("batch:".length()), options);
        }
        throw new IllegalArgumentException(
                "--target must be a URL, cold:JAR, warm:JAR, lambda:NAME or batch:ARN, got '%s'".formatted(name));
    }

    private static Path jar(String name) {
        Path jar = Path.of(name.substring(name.indexOf(':') + 1));
        if (!jar.toFile().isFile()) {
            throw new IllegalArgumentException("--target: no such jar: %s (build it: mvn package)".formatted(jar));
        }
        return jar;
    }
}
