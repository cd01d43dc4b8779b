package org.medficientsam.eval.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.eval.EllipseFunction;
import org.medficientsam.eval.SmallDataset;
import org.medficientsam.eval.target.CaseOutcome.Failed;
import org.medficientsam.eval.target.CaseOutcome.Segmented;

class HttpTargetTest {

    @TempDir
    private Path temp = Path.of("");

    private Path input() throws IOException {
        return new SmallDataset(temp).image("2D_US_0.npz", 24, 32, 1).folder().resolve("imgs/2D_US_0.npz");
    }

    private Target.Options options(double patienceSeconds) {
        return new Target.Options(
                Duration.ofSeconds(10), Duration.ofMillis((long) (1000 * patienceSeconds)), null, null, temp);
    }

    @Test
    void busyFunctionIsTriedAgainWhenItSaid() throws IOException, InterruptedException {
        try (EllipseFunction function = new EllipseFunction(0, (exchange, request) -> {
                    if (request <= 2) {
                        exchange.getResponseHeaders().set("Retry-After", "1");
                        EllipseFunction.send(exchange, request == 1 ? 503 : 429, "text/plain", "busy");
                    }
                    return request <= 2;
                });
                Target target = Target.of(function.url(), options(30))) {
            long start = System.nanoTime();
            CaseOutcome outcome = target.segment(input());
            assertThat(outcome).isInstanceOf(Segmented.class);
            assertEquals(3, outcome.attempts());
            assertThat(outcome.seconds())
                    .as("waiting, two seconds at least, is no run time")
                    .isLessThan((System.nanoTime() - start) / 1e9 - 2);
        }
    }

    @Test
    void functionThatStaysBusyIsNoFaultOfTheCase() throws IOException {
        try (EllipseFunction function = new EllipseFunction(0, (exchange, request) -> {
                    EllipseFunction.send(exchange, 503, "text/plain", "");
                    return true;
                });
                Target target = Target.of(function.url(), options(0.5))) {
            assertThatThrownBy(() -> target.segment(input()))
                    .isInstanceOf(TargetUnavailableException.class)
                    .hasMessageContaining("answers 503");
        }
    }

    @Test
    void refusalIsTheCasesFailureInTheFunctionsWords() throws IOException, InterruptedException {
        try (EllipseFunction function = new EllipseFunction(0, (exchange, request) -> {
                    EllipseFunction.send(
                            exchange,
                            422,
                            "application/problem+json",
                            "{\"type\": \"urn:x\", \"title\": \"Invalid prompt\", \"detail\": \"boxes must be (N, 4), got (3)\"}");
                    return true;
                });
                Target target = Target.of(function.url(), options(5))) {
            assertThat(target.segment(input()))
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed ->
                                    assertEquals("422 Invalid prompt: boxes must be (N, 4), got (3)", failed.reason()));
            assertEquals(1, function.requests());
        }
    }

    @Test
    void caseThatBreaksTheConnectionEveryTimeFailsWhileTheFunctionIsWell() throws IOException, InterruptedException {
        try (EllipseFunction function = new EllipseFunction(0, (exchange, request) -> {
                    exchange.close();
                    return true;
                });
                Target target = Target.of(function.url(), options(1))) {
            assertThat(target.segment(input()))
                    .isInstanceOfSatisfying(
                            Failed.class, failed -> assertThat(failed.reason()).contains("the connection broke in"));
            assertThat(function.requests()).isGreaterThan(1);
        }
    }

    @Test
    void functionThatComesLateIsWaitedFor() throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket()) {
            free.bind(new InetSocketAddress("127.0.0.1", 0));
            port = free.getLocalPort();
        }
        Thread late = new Thread(() -> {
            try {
                Thread.sleep(700);
                new EllipseFunction(port, (exchange, request) -> false);
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        late.start();
        try (Target target = Target.of("http://127.0.0.1:" + port, options(30))) {
            assertThat(target.segment(input())).isInstanceOf(Segmented.class);
        }
        late.join();
    }

    @Test
    void slowCaseFailsAtTheTimeout() throws IOException, InterruptedException {
        try (EllipseFunction function = new EllipseFunction(0, (exchange, request) -> {
                    try {
                        Thread.sleep(3000);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return false;
                });
                Target target = Target.of(
                        function.url(),
                        new Target.Options(Duration.ofSeconds(1), Duration.ofSeconds(5), null, null, temp))) {
            assertThat(target.segment(input()))
                    .isInstanceOfSatisfying(
                            Failed.class, failed -> assertEquals("no answer within 1 s", failed.reason()));
        }
    }

    @Test
    void serverTimingIsReadByStage() {
        assertEquals(
                Map.of("read", 1.25, "encode", 30.0),
                HttpTarget.stages("read;dur=1.25, encode;dur=30, cache, x;desc=y"));
        assertEquals(Map.of(), HttpTarget.stages(""));
    }

    @Test
    void targetsAreNamedOrRefused() {
        assertThatThrownBy(() -> Target.of("ftp://x", options(1)))
                .hasMessage("--target must be a URL, cold:JAR, warm:JAR, lambda:NAME or batch:ARN, got 'ftp://x'");
        assertThatThrownBy(() -> Target.of("cold:nowhere.jar", options(1)))
                .hasMessageContaining("no such jar: nowhere.jar");
    }
}
