package org.medficientsam.function.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.medficientsam.function.Door;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.rest.exchange.Owners;
import org.medficientsam.function.service.ProblemDetail;

/** Images that are too large are refused when they are posted, by what is too large of them, and nothing of them stays. */
@QuarkusTest
@TestProfile(ImageCapsTest.Small.class)
class ImageCapsTest {
    private static final int BODY = 3 << 20;

    /** Images have 12 MiB, as many as cases have beside them. */
    public static class Small implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "medficientsam.max-body-size",
                    "" + BODY,
                    "medficientsam.memory",
                    "24M",
                    "medficientsam.limits.array-size",
                    "3000000",
                    "medficientsam.limits.slices",
                    "40",
                    "medficientsam.images.encode-ahead",
                    "false");
        }
    }

    @TestHTTPResource("/")
    URI base = URI.create("");

    private HttpResponse<byte[]> post(String path, byte[] body) {
        RestDoor door = new RestDoor(base);
        return door.send(door.request(path)
                .header(Owners.CLIENT, "a")
                .POST(BodyPublishers.ofByteArray(body))
                .build());
    }

    private void assertTooLarge(HttpResponse<byte[]> refused, String field, String... detail) throws IOException {
        assertThat(refused.statusCode()).as(RestDoor.text(refused)).isEqualTo(413);
        assertThat(refused.headers().firstValue("content-type")).contains(ProblemDetail.MEDIA_TYPE);
        JsonNode problem = Door.JSON.readTree(refused.body());
        assertThat(problem.path("type").asText()).isEqualTo("urn:medficientsam:problem:too-large");
        assertThat(problem.path("field").asText()).isEqualTo(field);
        assertThat(problem.path("detail").asText()).contains(detail);
    }

    @AfterEach
    void nothingStays() {
        assertThat(RestDoor.text(new RestDoor(base).get("q/metrics")).lines())
                .contains("medficientsam_images 0.0", "medficientsam_images_memory_bytes 0.0");
    }

    private static byte[] png(int width, int height) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), "png", png);
        return png.toByteArray();
    }

    @Test
    void byItsPixelsThoughItsFileIsSmall() throws IOException {
        byte[] file = png(1800, 1700);
        assertThat(file).hasSizeLessThan(10_000);

        assertTooLarge(post("v1/images", file), "image", "at most 3000000 bytes of numbers");
    }

    @Test
    void byWhatItsHeaderClaimsBeforeAnythingIsRead() throws IOException {
        byte[] file = png(8, 8);
        ByteBuffer.wrap(file).putInt(16, 60_000).putInt(20, 60_000);
        CRC32 sum = new CRC32();
        sum.update(file, 12, 17); // type and content of IHDR
        ByteBuffer.wrap(file).putInt(29, (int) sum.getValue());

        HttpResponse<byte[]> refused = post("v1/images", file);

        assertThat(refused.statusCode()).as(RestDoor.text(refused)).isEqualTo(413);
    }

    @Test
    void byTheVoxelsOfAllItsSlices() throws IOException {
        assertTooLarge(
                post("v1/images", SampleCase.flatVolume(200, 200, 76, 1, 1, 0, 9, 9, 0)),
                "image",
                "at most 3000000 bytes");
    }

    @Test
    void byTheBytesOfItsBody() throws IOException {
        byte[] body = Arrays.copyOf(png(8, 8), BODY + 1);

        assertTooLarge(post("v1/images", body), "the image", "at most " + BODY + " bytes");
    }

    @Test
    void byTheMemoryThatItsFirstBoxWouldTake() throws IOException {
        assertTooLarge(post("v1/images", png(1700, 1700)), "imgs", "a case that needs at most 12 MiB of memory");
    }

    @Test
    void aVolumeOfManySlicesIsKeptButNoBoxGoesThroughAllOfThem() throws IOException {
        HttpResponse<byte[]> created = post("v1/images", SampleCase.flatVolume(16, 16, 60, 1, 1, 0, 9, 9, 0));
        assertThat(created.statusCode()).as(RestDoor.text(created)).isEqualTo(201);
        String path =
                "v1/images/" + Door.JSON.readTree(created.body()).path("id").asText();

        HttpResponse<byte[]> refused = post(path + "/segmentations", "{\"boxes\": [[2, 2, 0, 12, 12, 59]]}".getBytes());
        HttpResponse<byte[]> answered =
                post(path + "/segmentations", "{\"boxes\": [[2, 2, 10, 12, 12, 49]]}".getBytes());

        assertTooLarge(refused, "boxes", "over at most 40 slices", "60");
        assertThat(answered.statusCode()).as(RestDoor.text(answered)).isEqualTo(200);
        RestDoor door = new RestDoor(base);
        door.send(door.request(path).header(Owners.CLIENT, "a").DELETE().build());
    }
}
