package org.medficientsam.function.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.function.Door;

/** What Label Studio 1.23.2 sends by its own connector. */
@QuarkusTest
class LabelStudioTest {
    @TestHTTPResource("/")
    URI base = URI.create("");

    private RecordedRequest.Reply send(String name) throws IOException {
        return RecordedRequest.of("labelstudio/" + name).sendTo(base);
    }

    private JsonNode json(String name) throws IOException {
        RecordedRequest.Reply reply = send(name);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return Door.JSON.readTree(reply.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"00_health", "02_validate", "05_delete", "06_versions", "09_webhook"})
    void whatItAsksBesideIsAnswered(String name) throws IOException {
        assertThat(json(name).isObject()).isTrue();
    }

    @Test
    void itsMetricsAreEmptyAsItsOwnBackendsAre() throws IOException {
        RecordedRequest.Reply reply = RecordedRequest.of("labelstudio/00_health")
                .to("/label-studio/health", "/label-studio/metrics")
                .sendTo(base);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("{}");
    }

    @Test
    void setupTellsTheModel() throws IOException {
        assertThat(json("01_setup").path("model_version").asText()).startsWith("medficientsam-");
    }

    @Test
    void rectangleGivesABrushOfItsLabel() throws IOException {
        JsonNode prediction = json("03_predict").at("/results/0");
        JsonNode region = prediction.at("/result/0");
        assertThat(region.path("from_name").asText()).isEqualTo("brush");
        assertThat(region.path("to_name").asText()).isEqualTo("image");
        assertThat(region.path("original_width").asInt()).isEqualTo(96);
        assertThat(region.path("original_height").asInt()).isEqualTo(80);
        assertThat(region.at("/value/brushlabels/0").asText()).isEqualTo("Cell");
        assertThat(region.at("/value/format").asText()).isEqualTo("rle");

        boolean[] mask = decode(region.at("/value/rle"));
        assertThat(mask).hasSize(96 * 80);
        assertThat(Dice.of(mask.length, i -> mask[i], Dice::inEllipse)).isGreaterThan(0.9);
    }

    /** As rle-pack is described: a run is 1, which length, the length - 1 and the value. */
    private static boolean[] decode(JsonNode rle) {
        BitSet bits = new BitSet();
        for (int i = 0; i < rle.size(); i++)
            for (int b = 0; b < 8; b++) bits.set(8 * i + b, (rle.path(i).asInt() >> (7 - b) & 1) != 0);
        int[] at = {0};
        int count = read(bits, at, 32);
        assertThat(read(bits, at, 5)).isEqualTo(7);
        int[] sizes = {read(bits, at, 4) + 1, read(bits, at, 4) + 1, read(bits, at, 4) + 1, read(bits, at, 4) + 1};
        boolean[] mask = new boolean[count / 4];
        for (int i = 0; i < count; ) {
            assertThat(read(bits, at, 1)).isEqualTo(1);
            int length = read(bits, at, sizes[read(bits, at, 2)]) + 1;
            boolean inside = read(bits, at, 8) == 255;
            for (int end = i + length; i < end; i++) mask[i / 4] = inside;
        }
        return mask;
    }

    private static int read(BitSet bits, int[] at, int count) {
        int value = 0;
        for (int i = 0; i < count; i++) value = value << 1 | (bits.get(at[0]++) ? 1 : 0);
        return value;
    }

    @Test
    void nothingIsPredictedBeforeAnybodyHasDrawn() throws IOException {
        assertThat(json("04_predict").path("results")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"07_predict", "08_predict"})
    void picturesElsewhereAreRefusedInTheStatusLineThatItShows(String name) throws IOException {
        RecordedRequest.Reply reply = send(name);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.reason()).contains("data URI").doesNotContain("169.254", "upload/7");
        assertThat(Door.JSON.readTree(reply.body()).path("error").asText()).isEqualTo(reply.reason());
    }

    @Test
    void configurationWithoutABrushIsRefusedWhenItIsSetUp() throws IOException {
        RecordedRequest setup = RecordedRequest.of("labelstudio/01_setup");
        RecordedRequest.Reply reply =
                setup.with(setup.body().replace("BrushLabels", "PolygonLabels")).sendTo(base);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.reason()).contains("BrushLabels");
    }

    @Test
    void entitiesOfAConfigurationAreNotFollowed() throws IOException {
        RecordedRequest setup = RecordedRequest.of("labelstudio/01_setup");
        String evil = "{\"schema\": \"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]><View>&b;</View>\"}";
        RecordedRequest.Reply reply = setup.with(evil).sendTo(base);
        assertThat(reply.status()).isEqualTo(400);
    }
}
