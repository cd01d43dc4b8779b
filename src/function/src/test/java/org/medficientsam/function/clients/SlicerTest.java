package org.medficientsam.function.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.function.Door;
import org.medficientsam.function.images.KeptImages;
import org.medficientsam.imagefile.result.MaskBits;

/** What SlicerNNInteractive 0.3.2 sends by its own functions. */
@QuarkusTest
class SlicerTest {
    private static final int SLICE = 48 * 64;
    private static final int VOXELS = 6 * SLICE;

    @TestHTTPResource("/")
    URI base = URI.create("");

    @Inject
    KeptImages images;

    private RecordedRequest.Reply send(String who, String name) throws IOException {
        return request(who, name).sendTo(base);
    }

    private static RecordedRequest request(String who, String name) throws IOException {
        return RecordedRequest.of("slicer/" + name).to("/slicer/", "/slicer/" + who + "/");
    }

    private void begin(String who) throws IOException {
        for (String name : new String[] {"00_upload_image", "01_upload_segment"}) {
            RecordedRequest.Reply reply = send(who, name);
            assertThat(reply.text()).isEqualTo("{\"status\":\"ok\"}");
        }
    }

    private static byte[] bits(RecordedRequest.Reply reply) throws IOException {
        assertThat(reply.headers()).as(reply.text()).containsEntry("content-encoding", "gzip");
        byte[] bits = new GZIPInputStream(new ByteArrayInputStream(reply.body())).readAllBytes();
        assertThat(bits).hasSize(VOXELS / 8);
        return bits;
    }

    private static long inSlice(byte[] bits, int z) {
        return IntStream.range(z * SLICE, (z + 1) * SLICE)
                .filter(i -> MaskBits.get(bits, i))
                .count();
    }

    private byte[] draw(String who, int[] one, int[] other) throws IOException {
        String body = "{\"outer_point_one\": [%d, %d, %d], \"outer_point_two\": [%d, %d, %d], \"positive_click\": true}"
                .formatted(one[0], one[1], one[2], other[0], other[1], other[2]);
        return bits(request(who, "02_add_bbox_interaction").with(body).sendTo(base));
    }

    private String message(RecordedRequest.Reply reply) throws IOException {
        assertThat(reply.status()).isEqualTo(200); // of others it shows the number alone
        JsonNode error = Door.JSON.readTree(reply.body());
        assertThat(error.path("status").asText()).isEqualTo("error");
        return error.path("message").asText();
    }

    @Test
    void boxOnASliceGivesTheObjectThere() throws IOException {
        begin("slice");
        byte[] bits = bits(send("slice", "02_add_bbox_interaction"));

        assertThat(Dice.of(SLICE, i -> MaskBits.get(bits, 3 * SLICE + i), i -> Dice.inEllipsoid(3 * SLICE + i)))
                .isGreaterThan(0.85);
        for (int z : new int[] {0, 1, 2, 4, 5}) assertThat(inSlice(bits, z)).isZero();
    }

    @Test
    void boxesOnTwoSlicesGiveTheObjectBetweenThem() throws IOException {
        begin("two");
        draw("two", new int[] {1, 14, 16}, new int[] {1, 34, 44});
        byte[] bits = draw("two", new int[] {5, 14, 16}, new int[] {5, 34, 44});

        assertThat(Dice.of(VOXELS, i -> MaskBits.get(bits, i), Dice::inEllipsoid))
                .isGreaterThan(0.75);
    }

    @Test
    void secondBoxInAnotherViewSaysHowFarTheObjectReaches() throws IOException {
        begin("views");
        draw("views", new int[] {3, 14, 16}, new int[] {3, 34, 44});
        byte[] bits = draw("views", new int[] {1, 14, 30}, new int[] {5, 34, 30});

        assertThat(Dice.of(VOXELS, i -> MaskBits.get(bits, i), Dice::inEllipsoid))
                .isGreaterThan(0.75);
        assertThat(inSlice(bits, 0)).isZero();
    }

    @Test
    void segmentThatWasThereIsKept() throws IOException {
        begin("kept");
        assertThat(send("kept", "03_upload_segment").text()).contains("ok");
        byte[] bits = draw("kept", new int[] {1, 16, 22}, new int[] {1, 32, 38});

        assertThat(inSlice(bits, 3)).isEqualTo(20 * 26); // rows 15..34, columns 18..43 of the recorded segment
        assertThat(inSlice(bits, 1)).isPositive();
    }

    @Test
    void boxThatWasDrawnAcrossTheSlicesFirstIsRefusedInWords() throws IOException {
        begin("across");
        RecordedRequest across = request("across", "02_add_bbox_interaction")
                .with("{\"outer_point_one\":[1,14,30],\"outer_point_two\":[5,34,30],\"positive_click\":true}");
        assertThat(message(across.sendTo(base))).contains("view of the slices");
    }

    @ParameterizedTest
    @ValueSource(strings = {"04_add_point_interaction", "05_add_lasso_interaction", "06_add_scribble_interaction"})
    void promptsThatTheModelLacksAreRefusedInWords(String name) throws IOException {
        begin("lacks");
        assertThat(message(send("lacks", name))).contains("bounding box");
    }

    @Test
    void whoHasSentNoVolumeIsAskedForItInTheWordsThatTheClientKnows() throws IOException {
        begin("first");
        assertThat(message(send("second", "02_add_bbox_interaction"))).contains("No image uploaded");
    }

    @Test
    void volumeThatReplacesAnotherTakesItsRoom() throws IOException {
        begin("again");
        long bytes = images.usedBytes();
        int count = images.count();
        for (int i = 0; i < 5; i++) begin("again");

        assertThat(images.count()).isEqualTo(count);
        assertThat(images.usedBytes()).isLessThanOrEqualTo(bytes);
    }
}
