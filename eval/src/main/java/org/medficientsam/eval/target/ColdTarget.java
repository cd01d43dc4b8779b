package org.medficientsam.eval.target;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.target.CaseOutcome.Failed;
import org.medficientsam.eval.target.CaseOutcome.Measures;
import org.medficientsam.eval.target.CaseOutcome.Segmented;

/**
 * A fresh {@code java -jar JAR segment in.npz -o out.npz} per case, as the challenge ran a fresh container per case: start of
 * the virtual machine, loading of the model, reading and writing are all in the time.
 */
final class ColdTarget implements Target {

    private static final int POLL_MS = 5;

    private final Path jar;
    private final Options options;
    private final AtomicLong numbers = new AtomicLong();

    ColdTarget(Path jar, Options options) {
        this.jar = jar;
        this.options = options;
    }

    @Override
    public @Nullable ModelInfo model() {
        return BundleFolder.fromEnvironment(System.getenv()).model(options.model());
    }

    @Override
    public @Nullable ModelInfo answered() {
        return model();
    }

    @Override
    public String peakRssMethod() {
        return "peak resident set (VmHWM) of one fresh process per case, read every %d ms".formatted(POLL_MS);
    }

    @Override
    public CaseOutcome segment(Path input) throws InterruptedException {
        String number = "cold-" + numbers.incrementAndGet();
        Path output = options.work().resolve(number + ".npz");
        Path log = options.work().resolve(number + ".log");
        try {
            Files.deleteIfExists(output);
            ProcessBuilder builder = new ProcessBuilder(command(input, output))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(log.toFile());
            long start = System.nanoTime();
            Process process = builder.start();
            OptionalLong peak = await(process);
            double seconds = (System.nanoTime() - start) / 1e9;
            return outcome(process, seconds, peak, output, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(output);
            delete(log);
        }
    }

    private List<String> command(Path input, Path output) {
        List<String> command = new ArrayList<>(List.of(
                ServedProcess.java(), "-jar", jar.toString(), "segment", input.toString(), "-o", output.toString()));
        String model = options.model();
        if (model != null) {
            command.addAll(List.of("--model", model));
        }
        String rules = options.rules();
        if (rules != null) {
            command.addAll(List.of("--rules", rules));
        }
        return command;
    }

    /** Waits for the end and notes the peak on the way, as the kernel forgets it with the process. */
    private OptionalLong await(Process process) throws InterruptedException {
        long deadline = System.nanoTime() + options.timeout().toNanos();
        OptionalLong peak = OptionalLong.empty();
        try {
            while (!process.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
                OptionalLong now = ProcessMemory.peakRssBytes(process.pid());
                peak = now.isPresent() ? now : peak;
                if (System.nanoTime() > deadline) {
                    break;
                }
            }
            return peak;
        } finally {
            process.destroyForcibly();
        }
    }

    private CaseOutcome outcome(Process process, double seconds, OptionalLong peak, Path output, Path log)
            throws IOException, InterruptedException {
        int status = process.waitFor();
        if (seconds >= options.timeout().toSeconds()) {
            return new Failed(
                    seconds,
                    1,
                    "not done within %d s".formatted(options.timeout().toSeconds()));
        }
        if (status != 0) {
            return new Failed(seconds, 1, "exit status %d: %s".formatted(status, LogFile.lastLines(log, 1)));
        }
        if (!Files.exists(output)) {
            return new Failed(seconds, 1, "exit status 0, but no output file");
        }
        return new Segmented(
                seconds,
                1,
                Files.readAllBytes(output),
                new Measures(Map.of(), OptionalLong.empty(), OptionalLong.empty(), peak));
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException leftBehind) {
            // The work folder goes at the end of the run.
        }
    }

    @Override
    public void close() {}
}
