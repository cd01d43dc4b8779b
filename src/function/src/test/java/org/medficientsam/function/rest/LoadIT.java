package org.medficientsam.function.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.function.Door;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.rest.exchange.Owners;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.function.service.Problem;

/** The served jar at its limits: one case at a time, none waiting. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class LoadIT {
    private static final Map<String, String> ONE_AT_A_TIME =
            Map.of("MEDFICIENTSAM_CONCURRENCY", "1", "MEDFICIENTSAM_QUEUE", "0", "MEDFICIENTSAM_RETRY_AFTER", "7S");

    /** Takes minutes, and may. */
    private static final byte[] LONG_CASE = boxes(15_000);

    private static byte[] boxes(int count) {
        double[] boxes = new double[4 * count];
        for (int i = 0; i < boxes.length; i += 4) System.arraycopy(new double[] {8, 8, 50, 50}, 0, boxes, i, 4);
        return SampleCase.image(64, 64, boxes);
    }

    @Test
    void beyondItsConcurrencyTheServiceIsBusyAndSaysWhenToComeBack() throws IOException, InterruptedException {
        try (ServedJar jar = ServedJar.start("load-busy", ONE_AT_A_TIME);
                RawRequest running = new RawRequest(jar, LONG_CASE)) {
            running.sendRest();
            awaitRunning(jar);

            HttpResponse<byte[]> refused = jar.door()
                    .post(BodyPublishers.ofByteArray(SampleCase.image()), Map.of(), MediaTypes.NPZ, MediaTypes.NPZ);

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("retry-after")).contains("7");
            JsonNode problem = Door.JSON.readTree(refused.body());
            assertThat(problem.path("type").asText()).isEqualTo(Problem.BUSY.type());
            assertThat(jar.door().get("q/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aBoxThatWaitsForItsTurnIsToldToWait() throws IOException, InterruptedException {
        Map<String, String> patient = new HashMap<>(ONE_AT_A_TIME);
        patient.put("MEDFICIENTSAM_QUEUE", "1");
        patient.put("MEDFICIENTSAM_IMAGES_ENCODE_AHEAD", "false"); // which is work on the image too
        try (ServedJar jar = ServedJar.start("load-waits", patient)) {
            String image = "v1/images/" + kept(jar);
            assertThat(state(jar, image)).isEqualTo("none");
            RawRequest running = new RawRequest(jar, LONG_CASE);
            running.sendRest();
            awaitRunning(jar);

            CompletableFuture<HttpResponse<byte[]>> box = CompletableFuture.supplyAsync(() -> jar.door()
                    .send(mine(jar, image + "/segmentations")
                            .POST(BodyPublishers.ofString("{\"boxes\": [[8, 8, 50, 50]]}"))
                            .build()));
            while (!state(jar, image).equals("waiting"))
                assertThat(box.isDone()).as("answered before its turn").isFalse();
            Thread.sleep(300);
            assertThat(state(jar, image)).isEqualTo("waiting");
            running.close();

            assertThat(box.join().statusCode()).isEqualTo(200);
            assertThat(state(jar, image)).isEqualTo("none");
        }
    }

    private static HttpRequest.Builder mine(ServedJar jar, String path) {
        return jar.door().request(path).header(Owners.CLIENT, "a");
    }

    private static String kept(ServedJar jar) throws IOException {
        HttpResponse<byte[]> created = jar.door()
                .send(mine(jar, "v1/images")
                        .POST(BodyPublishers.ofByteArray(SampleCase.image()))
                        .build());
        assertThat(created.statusCode()).isEqualTo(201);
        return Door.JSON.readTree(created.body()).path("id").asText();
    }

    private static String state(ServedJar jar, String image) throws IOException {
        HttpResponse<byte[]> told =
                jar.door().send(mine(jar, image + "/progress").build());
        assertThat(told.statusCode()).isEqualTo(200);
        return Door.JSON.readTree(told.body()).path("state").asText();
    }

    @Test
    void workOfACallerThatWentAwayEnds() throws IOException, InterruptedException {
        try (ServedJar jar = ServedJar.start("load-gone", ONE_AT_A_TIME)) {
            RawRequest left = new RawRequest(jar, LONG_CASE);
            left.sendRest();
            awaitRunning(jar);
            left.close();

            while (jar.door().metric("medficientsam_running") > 0) {
                Thread.sleep(50);
            }
            assertThat(jar.door().metric("medficientsam_failures_total{reason=\"abandoned\"}"))
                    .isOne();
            assertThat(jar.door().metric("medficientsam_failures_total{reason=\"internal\"}"))
                    .isZero();
            assertThat(jar.log()).doesNotContain("ERROR");
            assertThat(jar.door().segment(SampleCase.image()).refused()).isFalse();
        }
    }

    @Test
    void slowSendersTakeNoTurnAndAreAnswered408() throws IOException, InterruptedException {
        Map<String, String> impatient = new HashMap<>(ONE_AT_A_TIME);
        impatient.put("MEDFICIENTSAM_INTAKE_GRACE", "2S");
        try (ServedJar jar = ServedJar.start("load-slow", impatient)) {
            List<RawRequest> slow = new ArrayList<>();
            for (int i = 0; i < 20; i++) slow.add(new RawRequest(jar, SampleCase.image()));
            for (int i = 0; i < 5; i++)
                assertThat(jar.door().segment(SampleCase.image()).refused()).isFalse();
            for (RawRequest request : slow) {
                assertThat(request.answer())
                        .startsWith("HTTP/1.1 408")
                        .contains("urn:medficientsam:problem:request-timeout");
                request.close();
            }
            assertThat(jar.door().metric("medficientsam_receiving")).isZero();
            assertThat(jar.log()).doesNotContain("ERROR");
        }
    }

    @Test
    void senderThatBreaksOffIsCountedAsSuch() throws IOException, InterruptedException {
        try (ServedJar jar = ServedJar.start("load-broken", ONE_AT_A_TIME)) {
            RawRequest broken = new RawRequest(jar, SampleCase.image());
            while (jar.door().metric("medficientsam_receiving") < 1) Thread.sleep(20);
            broken.close();
            while (jar.door().metric("medficientsam_receiving") > 0) Thread.sleep(20);

            assertThat(jar.door().metric("medficientsam_failures_total{reason=\"abandoned\"}"))
                    .isOne();
            assertThat(jar.log()).doesNotContain("ERROR");
        }
    }

    @Test
    void healthMayHaveAPortOfItsOwn() throws IOException, InterruptedException {
        Map<String, String> apart = new HashMap<>(ONE_AT_A_TIME);
        apart.put("MEDFICIENTSAM_MANAGEMENT_PORT", "0");
        try (ServedJar jar = ServedJar.start("load-management", apart)) {
            Matcher port =
                    Pattern.compile("health and metrics listen on port (\\d+)").matcher(jar.log());
            assertThat(port.find()).isTrue();
            RestDoor management = new RestDoor(URI.create("http://localhost:" + port.group(1) + "/"));

            assertThat(management.get("q/health/ready").statusCode()).isEqualTo(200);
            assertThat(RestDoor.text(management.get("q/metrics"))).contains("medficientsam_running");
            assertThat(management.get("v1/models").statusCode()).isEqualTo(404);
            assertThat(jar.door().get("q/health").statusCode()).isEqualTo(404);
            assertThat(jar.door().get("q/metrics").headers().firstValue("content-type"))
                    .contains("application/problem+json");
            assertThat(jar.door().segment(SampleCase.image()).refused()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "HUP"})
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void stoppingFinishesWhatIsUnderWay(String signal) throws IOException, InterruptedException {
        boolean ignored = signal.equals("HUP") && hangUpIsIgnored(); // as nohup has it: the service goes on
        ServedJar jar = ServedJar.start("load-stop", ONE_AT_A_TIME);
        try (RawRequest slow = new RawRequest(jar, SampleCase.image())) {
            while (jar.door().metric("medficientsam_receiving") < 1) Thread.sleep(20);
            signal(jar, signal);
            Thread.sleep(500);
            assertThat(jar.process().isAlive()).isTrue();
            slow.sendRest();

            assertThat(slow.answer()).startsWith("HTTP/1.1 200");
            assertThat(jar.process().waitFor(ignored ? 1 : 120, TimeUnit.SECONDS))
                    .isEqualTo(!ignored);
        } finally {
            jar.close();
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void stoppingEndsWhatTakesTooLongWithinTheLimit() throws IOException, InterruptedException {
        Map<String, String> patient = new HashMap<>(ONE_AT_A_TIME);
        patient.put("MEDFICIENTSAM_INTAKE_GRACE", "1M");
        ServedJar jar = ServedJar.start("load-stop-long", patient);
        try (RawRequest running = new RawRequest(jar, LONG_CASE);
                RawRequest sending = new RawRequest(jar, SampleCase.image())) {
            running.sendRest();
            awaitRunning(jar);
            signal(jar, "TERM");

            assertThat(running.answer()).startsWith("HTTP/1.1 503").contains("the service is stopping");
            assertThat(sending.answer()).startsWith("HTTP/1.1 503");
            assertThat(jar.process().waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            jar.close();
        }
    }

    private static void signal(ServedJar jar, String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder(
                        "kill", "-" + signal, Long.toString(jar.process().pid()))
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    /** Whether this process ignores HUP, as its children then do; told on Linux only, where the mask's last bit says so. */
    private static boolean hangUpIsIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status) && Files.readString(status).matches("(?s).*SigIgn:\\s+[0-9a-f]*[13579bdf]\\s.*");
    }

    private static void awaitRunning(ServedJar jar) throws InterruptedException {
        while (jar.door().metric("medficientsam_running") < 1) {
            Thread.sleep(50);
        }
    }
}
