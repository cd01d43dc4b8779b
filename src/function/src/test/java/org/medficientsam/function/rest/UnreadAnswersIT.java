package org.medficientsam.function.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medficientsam.function.Door;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.rest.exchange.Owners;

/** Clients of the served jar that ask and do not read what they are answered. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class UnreadAnswersIT {
    /** Whose pictures together are most of the heap. */
    private static final int CLIENTS = 60;

    private static ServedJar jar;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        jar = ServedJar.start("unread-it", Map.of());
    }

    @AfterAll
    static void stop() {
        jar.close();
    }

    private static String kept(byte[] image) throws IOException {
        HttpResponse<byte[]> created = jar.door()
                .send(jar.door()
                        .request("v1/images")
                        .header(Owners.CLIENT, "a")
                        .POST(BodyPublishers.ofByteArray(image))
                        .build());
        assertThat(created.statusCode()).as(RestDoor.text(created)).isEqualTo(201);
        return Door.JSON.readTree(created.body()).path("id").asText();
    }

    /** With the smallest buffer that the system gives. */
    private static Socket asking(String requests) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress("localhost", jar.base().getPort()));
        socket.setSoTimeout(120_000);
        socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String get(String path) {
        return "GET /%s HTTP/1.1\r\nHost: localhost\r\n%s: a\r\n\r\n".formatted(path, Owners.CLIENT);
    }

    private static String getAlone(String path) {
        return get(path).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    }

    private static List<Socket> asking(String path, int clients) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < clients; i++) sockets.add(asking(getAlone(path)));
        return sockets;
    }

    /** Bytes until the other side closes. */
    private static long readToTheEnd(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        long bytes = 0;
        byte[] part = new byte[1 << 16];
        try {
            for (int read = in.read(part); read >= 0; read = in.read(part)) bytes += read;
        } catch (SocketException e) {
            // closed with something unsent
        }
        return bytes;
    }

    /** At once, on a machine however busy; one that hangs does so for as long as the clients do not read. */
    private static void assertHealthy() {
        long start = System.nanoTime();
        assertThat(jar.door().get("q/health").statusCode()).isEqualTo(200);
        assertThat((System.nanoTime() - start) / 1e9).isLessThan(10);
    }

    private static double refusedAsBusy() {
        return jar.door().metric("medficientsam_failures_total{reason=\"busy\"}");
    }

    @Test
    void picturesThatNobodyReadsFillNoMemoryAndTheirConnectionsAreClosed() throws Exception {
        String id = kept(SampleCase.noise(2800, 2800, 1, 1, 1, 0, 9, 9, 0)); // 8 MB each
        List<Socket> sockets = asking("v1/images/" + id + "/slices/0.png", CLIENTS);
        try {
            // Until there is no room for more; a slow machine takes its time to make so many.
            for (int i = 0; i < 600 && refusedAsBusy() == 0; i++) Thread.sleep(100);
            for (int i = 0; i < 10; i++) {
                assertHealthy();
                Thread.sleep(500);
            }
            assertThat(jar.log()).doesNotContain("OutOfMemory").doesNotContain("ERROR");
            int whole = 0;
            for (Socket socket : sockets) if (readToTheEnd(socket) > 7_840_000) whole++;
            assertThat(whole).as("pictures that still waited").isLessThan(12);
            assertThat(jar.door().segment(SampleCase.image()).refused()).isFalse();
        } finally {
            for (Socket socket : sockets) socket.close();
        }
    }

    @Test
    void volumesThatNobodyReadsHoldFewThreads() throws Exception {
        String id = kept(SampleCase.noise(256, 256, 100, 1, 1, 0, 9, 9, 3));
        List<Socket> sockets = asking("v1/images/" + id + "/volume.nii.gz", 250); // more than there are threads
        try {
            for (int i = 0; i < 6; i++) {
                assertHealthy();
                Thread.sleep(500);
            }
            assertThat(jar.door().segment(SampleCase.image()).refused()).isFalse();
        } finally {
            for (Socket socket : sockets) socket.close();
        }
        Thread.sleep(1000);
        assertThat(RestDoor.text(jar.door().get("q/metrics")))
                .as("clients that left are no fault of ours")
                .contains("medficientsam_failures_total{reason=\"internal\"} 0");
        assertThat(jar.log()).doesNotContain("ERROR");
    }

    @Test
    void whoAsksForTensOfThousandsWithoutReadingIsClosed() throws Exception {
        try (Socket socket = asking("")) {
            byte[] requests = get("page/app.js").repeat(1000).getBytes(StandardCharsets.US_ASCII);
            try {
                for (int thousands = 0; thousands < 50; thousands++)
                    socket.getOutputStream().write(requests);
            } catch (SocketException e) {
                // closed
            }
            long length = jar.door().get("page/app.js").body().length;
            assertThat(readToTheEnd(socket)).as("bytes until it was closed").isLessThan(200 * length);
            assertHealthy();
            assertThat(jar.door().segment(SampleCase.image()).refused())
                    .as("by what was left of it")
                    .isFalse();
            assertThat(jar.log()).doesNotContain("ERROR");
        }
    }

    @Test
    void aHundredRequestsAtOnceAreAnsweredInTheirOrder() throws Exception {
        try (Socket socket = asking(get("page/app.js").repeat(99) + getAlone("v1/models"))) {
            Thread.sleep(500);
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(101);
            assertThat(answers).endsWith("]");
        }
    }

    @Test
    void anAnswerThatIsReadSlowlyButSteadilyComesWhole() throws Exception {
        String id = kept(SampleCase.noise(1000, 1000, 1, 1, 1, 0, 9, 9, 0)); // 1 MB
        try (Socket socket = asking(getAlone("v1/images/" + id + "/slices/0.png"))) {
            InputStream in = socket.getInputStream();
            byte[] part = new byte[1 << 14];
            long bytes = 0;
            // About 100 KB a second, so that it takes several checks.
            for (int read = in.read(part); read >= 0; read = in.read(part)) {
                bytes += read;
                Thread.sleep(read / 100);
            }
            assertThat(bytes).isGreaterThan(1_000_000);
        }
    }
}
