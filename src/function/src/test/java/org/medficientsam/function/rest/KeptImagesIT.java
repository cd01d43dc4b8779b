package org.medficientsam.function.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medficientsam.function.Door;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.rest.exchange.Owners;

/** The served jar with a small heap and many who keep images in it. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class KeptImagesIT {
    private static final long BOUND = 24 << 20;
    private static final String ABANDONED = "medficientsam_failures_total{reason=\"abandoned\"}";
    private static ServedJar jar;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        jar = ServedJar.start(
                "kept-it", Map.of("MEDFICIENTSAM_IMAGES_MEMORY", "" + BOUND, "MEDFICIENTSAM_QUEUE", "64"));
    }

    @AfterAll
    static void stop() {
        jar.close();
    }

    private static HttpResponse<byte[]> send(String client, String method, String path, byte[] body) {
        HttpRequest.Builder request = jar.door().request(path).header(Owners.CLIENT, client);
        return jar.door()
                .send(request.method(method, BodyPublishers.ofByteArray(body)).build());
    }

    private static JsonNode progress(String client, String id) throws IOException {
        HttpResponse<byte[]> told = send(client, "GET", "v1/images/" + id + "/progress", new byte[0]);
        assertThat(told.statusCode()).isEqualTo(200);
        return Door.JSON.readTree(told.body());
    }

    /** A bright disc, somewhere else for each client. */
    private static byte[] picture(int client, int side) throws IOException {
        BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(Color.WHITE);
        int[] disc = disc(client, side);
        graphics.fillOval(disc[0], disc[1], disc[2], disc[2]);
        graphics.dispose();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", png);
        return png.toByteArray();
    }

    /** Left, top, diameter. */
    private static int[] disc(int client, int side) {
        return new int[] {side / 8 + client * 7 % (side / 3), side / 8 + client * 11 % (side / 3), side / 3};
    }

    private static String post(String client, byte[] file) throws IOException {
        HttpResponse<byte[]> created = send(client, "POST", "v1/images", file);
        assertThat(created.statusCode()).as(RestDoor.text(created)).isEqualTo(201);
        return Door.JSON.readTree(created.body()).path("id").asText();
    }

    @Test
    void ofFiftyClientsNoneSeesAnothersImageAndMemoryStaysWithinItsBound() throws Exception {
        int side = 300;
        List<String> ids = new ArrayList<>();
        for (int client = 0; client < 50; client++) ids.add(post("client" + client, picture(client, side)));

        List<Long> voxels = IntStream.range(0, 50)
                .parallel()
                .mapToObj(client -> {
                    try {
                        int[] d = disc(client, side);
                        String box = "{\"boxes\": [[%d, %d, %d, %d]]}".formatted(d[0], d[1], d[0] + d[2], d[1] + d[2]);
                        String path = "v1/images/" + ids.get(client) + "/segmentations";
                        HttpResponse<byte[]> own = send("client" + client, "POST", path, box.getBytes());
                        HttpResponse<byte[]> swapped = send("client" + (client + 1) % 50, "POST", path, box.getBytes());
                        assertThat(own.statusCode()).as(RestDoor.text(own)).isEqualTo(200);
                        assertThat(swapped.statusCode()).isEqualTo(404);
                        assertThat(RestDoor.text(swapped)).doesNotContain(ids.get(client));
                        return Door.JSON
                                .readTree(own.body())
                                .at("/labels/0/voxels")
                                .asLong();
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();

        // Each got the disc of its own picture, whose area is the same in all.
        double area = Math.PI / 4 * (side / 3.0) * (side / 3.0);
        assertThat(voxels).allSatisfy(found -> assertThat((double) found).isBetween(0.85 * area, 1.15 * area));
        assertThat(jar.door().metric("medficientsam_images_memory_bytes")).isBetween(1.0, (double) BOUND);
        for (int client = 0; client < 50; client++)
            assertThat(send("client" + client, "DELETE", "v1/images/" + ids.get(client), new byte[0])
                            .statusCode())
                    .isEqualTo(204);
        assertThat(jar.door().metric("medficientsam_images")).isZero();
        // One may just be encoded ahead of a second box.
        for (int i = 0; i < 6000 && jar.door().metric("medficientsam_images_memory_bytes") > 0; i++) Thread.sleep(20);
        assertThat(jar.door().metric("medficientsam_images_memory_bytes")).isZero();
        assertThat(jar.log()).doesNotContain("ERROR").doesNotContain(ids.get(7));
    }

    @Test
    void tenThousandImagesOfAsManyNamesStayWithinTheBound() throws Exception {
        byte[] picture = picture(1, 256);

        IntStream.range(0, 10_000).parallel().forEach(i -> {
            int status = send("name" + i, "POST", "v1/images", picture).statusCode();
            assertThat(status).isIn(201, 503);
            if (i % 1000 == 0)
                assertThat(jar.door().metric("medficientsam_images_memory_bytes"))
                        .isLessThanOrEqualTo(BOUND);
        });

        assertThat(jar.door().metric("medficientsam_images_memory_bytes")).isBetween(1.0, (double) BOUND);
        assertThat(jar.door().segment(SampleCase.image()).refused()).isFalse();
        assertThat(jar.log()).doesNotContain("ERROR").doesNotContain("OutOfMemory");
    }

    @Test
    void aClientThatLeavesInMidVolumeGivesItsTurnBack() throws Exception {
        byte[] volume = SampleCase.volume(64, 64, 250, 4, 4, 0, 60, 60, 249);
        String id = post("leaver", volume);
        String boxes = "[" + "[4, 4, 0, 60, 60, 249],".repeat(20) + "[4, 4, 0, 60, 60, 249]]";
        byte[] body = ("{\"boxes\": " + boxes + "}").getBytes();
        double abandoned = jar.door().metric(ABANDONED);
        try (Socket socket = new Socket("localhost", jar.base().getPort())) {
            String head =
                    "POST /v1/images/%s/segmentations HTTP/1.1\r\nHost: localhost\r\n%s: leaver\r\nContent-Length: %d\r\n\r\n"
                            .formatted(id, Owners.CLIENT, body.length);
            socket.getOutputStream().write(head.getBytes());
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            while (jar.door().metric("medficientsam_running") < 1) {
                assertThat(socket.getInputStream().available())
                        .as("nothing is answered before it runs")
                        .isZero();
                Thread.sleep(20);
            }
            JsonNode progress = progress("leaver", id);
            for (; progress.path("done").asInt() < 1; progress = progress("leaver", id)) Thread.sleep(20);
            assertThat(progress.path("state").asText()).isEqualTo("working");
            assertThat(progress.path("total").asInt())
                    .isGreaterThan(progress.path("done").asInt());
        }
        while (jar.door().metric("medficientsam_running") > 0) Thread.sleep(20);

        assertThat(jar.door().metric(ABANDONED)).isEqualTo(abandoned + 1);
        assertThat(send("leaver", "DELETE", "v1/images/" + id, new byte[0]).statusCode())
                .isEqualTo(204);
    }

    @Test
    void aDeletedImageEndsItsSegmentation() throws Exception {
        byte[] volume = SampleCase.volume(64, 64, 250, 4, 4, 0, 60, 60, 249);
        String id = post("deleter", volume);
        String boxes = "[" + "[4, 4, 0, 60, 60, 249],".repeat(20) + "[4, 4, 0, 60, 60, 249]]";
        Thread deleting = new Thread(() -> {
            while (jar.door().metric("medficientsam_running") < 1) Thread.onSpinWait();
            send("deleter", "DELETE", "v1/images/" + id, new byte[0]);
        });
        deleting.start();

        HttpResponse<byte[]> ended = send(
                "deleter", "POST", "v1/images/" + id + "/segmentations", ("{\"boxes\": " + boxes + "}").getBytes());
        deleting.join();

        assertThat(ended.statusCode()).as(RestDoor.text(ended)).isEqualTo(404);
        assertThat(RestDoor.text(ended)).contains("unknown-image", "deleted");
    }
}
