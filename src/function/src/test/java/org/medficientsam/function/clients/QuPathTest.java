package org.medficientsam.function.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.awt.geom.Path2D;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.medficientsam.function.Door;
import org.medficientsam.function.SegmentationContract;
import org.medficientsam.function.images.KeptImages;

/** What qupath-extension-sam sends by its own classes. */
@QuarkusTest
class QuPathTest {
    @TestHTTPResource("/")
    URI base = URI.create("");

    @Inject
    KeptImages images;

    private RecordedRequest.Reply send(String name) throws IOException {
        return RecordedRequest.of("qupath/" + name).sendTo(base);
    }

    @Test
    void itsListOfWeightsAreTheBundles() throws IOException {
        JsonNode weights = Door.JSON.readTree(send("00_weights").body());
        assertThat(weights.findValuesAsText("name")).contains(SegmentationContract.DEFAULT_MODEL);
        assertThat(weights.findValuesAsText("type")).containsOnly("vit_l");
    }

    @Test
    void noDownloadIsUnderWay() throws IOException {
        assertThat(Door.JSON
                        .readTree(send("01_progress").body())
                        .path("percent")
                        .asInt())
                .isEqualTo(-1);
    }

    @Test
    void rectangleGivesTheOutlineOfWhatItHolds() throws IOException {
        RecordedRequest.Reply reply = send("02_sam");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        JsonNode features = Door.JSON.readTree(reply.body());
        assertThat(features.isArray()).isTrue();
        assertThat(features).hasSize(1);
        JsonNode feature = features.path(0);
        assertThat(feature.path("type").asText()).isEqualTo("Feature");
        assertThat(feature.at("/properties/quality").isNumber()).isTrue();
        assertThat(feature.at("/properties/object_idx").isMissingNode()).isTrue();
        assertThat(feature.at("/geometry/type").asText()).isEqualTo("Polygon");

        Path2D outline = new Path2D.Double(Path2D.WIND_EVEN_ODD);
        for (JsonNode ring : feature.at("/geometry/coordinates")) {
            for (int i = 0; i < ring.size(); i++) {
                double x = ring.path(i).path(0).doubleValue();
                double y = ring.path(i).path(1).doubleValue();
                if (i == 0) outline.moveTo(x, y);
                else outline.lineTo(x, y);
            }
        }
        assertThat(Dice.of(96 * 80, i -> outline.contains(i % 96 + 0.5, i / 96 + 0.5), Dice::inEllipse))
                .isGreaterThan(0.9);
    }

    @Test
    void pictureThatComesAgainIsKeptOnce() throws IOException {
        send("02_sam");
        int kept = images.count();
        send("02_sam");
        assertThat(images.count()).isEqualTo(kept);
    }

    @Test
    void weightsOfTheListChooseTheBundle() throws IOException {
        RecordedRequest request = RecordedRequest.of("qupath/02_sam");
        String body = request.body();
        String micro = body.substring(0, body.length() - 1) + ",\"checkpoint_url\":\"medficientsam:micro-int8\"}";
        RecordedRequest.Reply reply = request.with(micro).sendTo(base);
        assertThat(Door.JSON
                        .readTree(reply.body())
                        .at("/0/properties/sam_model")
                        .asText())
                .isEqualTo("micro-int8");
    }

    @Test
    void registeringWeightsIsRefusedInWordsForItsLog() throws IOException {
        RecordedRequest.Reply reply = RecordedRequest.of("qupath/02_sam")
                .to("/sam/", "/sam/weights/")
                .with("{\"type\":\"vit_h\",\"name\":\"x\",\"url\":\"https://elsewhere.example/x.pth\"}")
                .sendTo(base);
        assertThat(reply.status()).isEqualTo(422);
        assertThat(Door.JSON.readTree(reply.body()).path("detail").asText())
                .isEqualTo("weights must be those that are listed, as none can be registered here, got an address");
    }

    @Test
    void pointsAndAutomaticMasksAreRefusedInWordsForItsLog() throws IOException {
        for (String name : new String[] {"03_sam", "04_automask"}) {
            RecordedRequest.Reply reply = send(name);
            assertThat(reply.status()).isEqualTo(422);
            assertThat(Door.JSON.readTree(reply.body()).path("detail").asText()).contains("rectangle");
        }
    }
}
