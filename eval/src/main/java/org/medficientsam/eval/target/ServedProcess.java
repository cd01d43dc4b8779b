package org.medficientsam.eval.target;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code java -jar JAR} on a port of this machine. Its process id is noted on disk: a harness that was killed leaves its
 * function behind, and the next one ends it before it starts its own.
 */
public final class ServedProcess {

    private static final int STARTS = 20;
    private static final int LINES_SHOWN = 8;

    private final Path jar;
    private final int port;
    private final Path note;
    private final Path log;
    private @Nullable Process process;
    private int starts;

    /** @param work folder for its log and its process id */
    public ServedProcess(Path jar, int port, Path work) {
        this.jar = jar;
        this.port = port;
        note = work.resolve("function.pid");
        log = work.resolve("function.log");
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
    }

    /** Whether it was started and has not ended. */
    public boolean isAlive() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /** @throws TargetUnavailableException if it has been started again and again and does not stay up */
    public void start() {
        if (++starts > STARTS) {
            throw new TargetUnavailableException(
                    "the function ended %d times, last with: %s".formatted(STARTS, lastLines()));
        }
        try {
            endWhatIsLeft();
            ProcessBuilder builder = new ProcessBuilder(java(), "-jar", jar.toString());
            Map<String, String> environment = builder.environment();
            environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
            environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
            File output = log.toFile();
            Process started = builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
                    .start();
            process = started;
            Files.writeString(note, started.pid() + " " + startOf(started.toHandle()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void endWhatIsLeft() throws IOException {
        if (!Files.exists(note)) {
            return;
        }
        String[] noted = Files.readString(note).split(" ");
        // Process ids are used again; the start time tells whether this is still ours.
        Optional<ProcessHandle> left = noted.length == 2 && noted[0].matches("\\d+")
                ? ProcessHandle.of(Long.parseLong(noted[0]))
                        .filter(handle -> startOf(handle).equals(noted[1]))
                : Optional.empty();
        left.ifPresent(handle -> {
            handle.destroyForcibly();
            handle.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        });
        Files.deleteIfExists(note);
    }

    private static String startOf(ProcessHandle handle) {
        return handle.info().startInstant().map(Instant::toString).orElse("unknown");
    }

    /** Asks it to end, and after ten seconds ends it. */
    public void stop() {
        Process running = process;
        if (running == null) {
            return;
        }
        running.destroy();
        try {
            if (!running.waitFor(10, TimeUnit.SECONDS)) {
                running.destroyForcibly().waitFor();
            }
            Files.deleteIfExists(note);
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException noteStays) {
            // Harmless: the process it names has ended.
        }
    }

    /** The status it ended with; it must have ended. */
    int exitStatus() {
        Process ended = process;
        if (ended == null) {
            throw new IllegalStateException("it was never started");
        }
        return ended.exitValue();
    }

    /** What it printed last, as far as a reader wants to see. */
    String lastLines() {
        return LogFile.lastLines(log, LINES_SHOWN);
    }

    /** The java that runs the harness. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
