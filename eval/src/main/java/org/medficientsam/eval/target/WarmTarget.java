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
        startIfDead();
        http.open();
    }

    private synchronized void startIfDead() {
        if (!process.isAlive()) {
            process.start();
        }
    }

    @Override
    public @Nullable ModelInfo model() {
        return http.model();
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
