package org.medficientsam.eval.target;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One process of the function, started for the run and stopped at its end; started again if it dies meanwhile. */
final class WarmTarget implements Target {

    private final ServedProcess process;
    private final HttpTarget http;
    private boolean wasReady;

    WarmTarget(Path jar, Options options) {
        int port = freePort();
        process = new ServedProcess(jar, port, options.work());
        http = new HttpTarget("http://127.0.0.1:" + port, options, this::startIfDead);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void open() throws InterruptedException {
        process.start();
        try {
            http.open();
        } catch (TargetUnavailableException notInTime) {
            throw new TargetUnavailableException("the function is not ready: %s; its last lines: %s"
                    .formatted(notInTime.getMessage(), process.lastLines()));
        }
        wasReady = true;
    }

    /** A process that served before and died is started again; one that never came up has said why. */
    private synchronized void startIfDead() {
        if (process.isAlive()) {
            return;
        }
        if (!wasReady) {
            throw new TargetUnavailableException(
                    "the function ended with status %d before it was ready".formatted(process.exitStatus()));
        }
        process.start();
    }

    @Override
    public @Nullable ModelInfo model() {
        return http.model();
    }

    @Override
    public @Nullable ModelInfo answered() {
        return http.answered();
    }

    @Override
    public String peakRssMethod() {
        return http.peakRssMethod();
    }

    @Override
    public CaseOutcome segment(Path input) throws InterruptedException {
        return http.segment(input);
    }

    @Override
    public void close() {
        process.stop();
    }
}
