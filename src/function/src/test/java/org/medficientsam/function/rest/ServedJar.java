package org.medficientsam.function.rest;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.medficientsam.function.SegmentationContract;

/** The packaged jar as a user starts it, in a process of its own, with a heap too small for what bad cases claim. */
public final class ServedJar implements AutoCloseable {
    public static final Path JAR = Path.of("target", "medficientsam-function-runner.jar");

    /** Less than the array cap: whoever allocates what a header claims fails. */
    public static final String HEAP = "-Xmx160m";

    private static final Pattern LISTENING = Pattern.compile("Listening on: http://[^:]+:(\\d+)");

    private final Process process;
    private final Path log;
    private final URI base;

    private ServedJar(Process process, Path log, URI base) {
        this.process = process;
        this.log = log;
        this.base = base;
    }

    /** Returns when it listens, which is when the model is warm. */
    public static ServedJar start(String name, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path log = Path.of("target", name + ".log");
        Process process = process(log, environment, List.of(HEAP, "-jar", JAR.toString()));
        for (int tenths = 0; tenths < 3000; tenths++) {
            Matcher listening = LISTENING.matcher(Files.readString(log));
            if (listening.find()) {
                return new ServedJar(process, log, URI.create("http://localhost:" + listening.group(1) + "/"));
            }
            if (!process.isAlive()) {
                break;
            }
            Thread.sleep(100);
        }
        process.destroyForcibly();
        throw new IllegalStateException("the jar does not serve:\n" + Files.readString(log));
    }

    /** A Java process with the bundles of the repository, writing to a log. */
    public static Process process(Path log, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("QUARKUS_HTTP_PORT", "0");
        builder.environment()
                .put(
                        "MEDFICIENTSAM_BUNDLES",
                        SegmentationContract.ROOT.resolve("models/bundles").toString());
        builder.environment().putAll(environment);
        return builder.start();
    }

    public RestDoor door() {
        return new RestDoor(base);
    }

    public URI base() {
        return base;
    }

    public Process process() {
        return process;
    }

    public String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(120, TimeUnit.SECONDS).join();
    }
}
