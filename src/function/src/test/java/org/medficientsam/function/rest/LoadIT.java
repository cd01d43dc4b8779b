package org.medficientsam.function.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.function.Door;
import org.medficientsam.function.MediaTypes;
import org.medficientsam.function.Problem;
import org.medficientsam.function.SampleCase;

/** The served jar at its limits: one case at a time, none waiting. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class LoadIT {
    private static final Map<String, String> ONE_AT_A_TIME =
            Map.of("MEDFICIENTSAM_CONCURRENCY", "1", "MEDFICIENTSAM_QUEUE", "0", "MEDFICIENTSAM_RETRY_AFTER", "7S");

    /** A request that holds the only turn until its body is finished. */
    private static final class SlowRequest implements AutoCloseable {
        private final Socket socket;
        private final byte[] rest;

        SlowRequest(ServedJar jar, byte[] body) throws IOException {
            socket = new Socket(jar.base().getHost(), jar.base().getPort());
            String head = "POST /v1/segmentations HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Type: application/x-npz\r\nContent-Length: %d\r\n\r\n".formatted(body.length);
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(body, 0, 1);
            out.flush();
            rest = Arrays.copyOfRange(body, 1, body.length);
        }

        /** Status line and all that follows. */
        String finish() throws IOException {
            socket.getOutputStream().write(rest);
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void beyondItsConcurrencyTheServiceIsBusyAndSaysWhenToComeBack() throws IOException, InterruptedException {
        try (ServedJar jar = ServedJar.start("load-busy", ONE_AT_A_TIME);
                SlowRequest slow = new SlowRequest(jar, SampleCase.image())) {
            awaitRunning(jar);

            HttpResponse<byte[]> refused = jar.door()
                    .post(BodyPublishers.ofByteArray(SampleCase.image()), Map.of(), MediaTypes.NPZ, MediaTypes.NPZ);

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("retry-after")).contains("7");
            JsonNode problem = Door.JSON.readTree(refused.body());
            assertThat(problem.path("type").asText()).isEqualTo(Problem.BUSY.type());
            assertThat(jar.door().get("q/health/live").statusCode()).isEqualTo(200);

            assertThat(slow.finish()).startsWith("HTTP/1.1 200");
            assertThat(jar.door().segment(SampleCase.image()).refused()).isFalse();
        }
    }

    @Test
    void callerThatGoesAwayGivesItsTurnBack() throws IOException, InterruptedException {
        try (ServedJar jar = ServedJar.start("load-gone", ONE_AT_A_TIME)) {
            SlowRequest slow = new SlowRequest(jar, SampleCase.image());
            awaitRunning(jar);
            slow.close();

            while (metric(jar, "medficientsam_running") > 0) {
                Thread.sleep(50);
            }
            assertThat(jar.door().segment(SampleCase.image()).refused()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "HUP"})
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void stoppingFinishesWhatIsUnderWay(String signal) throws IOException, InterruptedException {
        boolean ignored = signal.equals("HUP") && hangUpIsIgnored(); // as nohup has it: the service goes on
        ServedJar jar = ServedJar.start("load-stop", ONE_AT_A_TIME);
        try (SlowRequest slow = new SlowRequest(jar, SampleCase.image())) {
            awaitRunning(jar);
            assertThat(new ProcessBuilder(
                                    "kill",
                                    "-" + signal,
                                    Long.toString(jar.process().pid()))
                            .start()
                            .waitFor())
                    .isZero();
            Thread.sleep(500);
            assertThat(jar.process().isAlive()).isTrue();

            assertThat(slow.finish()).startsWith("HTTP/1.1 200");
            assertThat(jar.process().waitFor(ignored ? 1 : 5, TimeUnit.SECONDS)).isEqualTo(!ignored);
        } finally {
            jar.close();
        }
    }

    /** Whether this process ignores HUP, as its children then do; told on Linux only, where the mask's last bit says so. */
    private static boolean hangUpIsIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status) && Files.readString(status).matches("(?s).*SigIgn:\\s+[0-9a-f]*[13579bdf]\\s.*");
    }

    private static void awaitRunning(ServedJar jar) throws InterruptedException {
        while (metric(jar, "medficientsam_running") < 1) {
            Thread.sleep(50);
        }
    }

    private static double metric(ServedJar jar, String name) {
        return RestDoor.text(jar.door().get("q/metrics"))
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElseThrow();
    }
}
