package org.medficientsam.function.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.LabelMapNpz;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.function.Door;
import org.medficientsam.function.SegmentationContract;
import org.medficientsam.function.rest.exchange.Owners;
import org.medficientsam.function.service.ProblemDetail;
import org.medficientsam.imagefile.ImageFiles;
import org.medficientsam.imagefile.MedicalImage;
import org.medficientsam.imagefile.image.ReadLimits;

/** Images kept between requests, over HTTP in this process. */
@QuarkusTest
class ImagesTest {
    private static final Path FILES = SegmentationContract.ROOT.resolve("src/samples/files");
    private static final Path NPZ = SegmentationContract.ROOT.resolve("src/samples/2D_sample_lesion.npz");
    private static final String XRAY_BOX = "[44, 42, 116, 158]";
    private static final String CT_BOX = "[25, 34, 3, 65, 66, 15]";

    @TestHTTPResource("/")
    URI base = URI.create("");

    private RestDoor door() {
        return new RestDoor(base);
    }

    private HttpResponse<byte[]> send(String client, String method, String path, byte[] body) {
        HttpRequest.Builder request = door().request(path).header(Owners.CLIENT, client);
        return door().send(
                        request.method(method, BodyPublishers.ofByteArray(body)).build());
    }

    private JsonNode json(HttpResponse<byte[]> response, int status) throws IOException {
        assertThat(response.statusCode()).as(RestDoor.text(response)).isEqualTo(status);
        return Door.JSON.readTree(response.body());
    }

    private JsonNode post(String client, Path file) throws IOException {
        return json(send(client, "POST", "v1/images", Files.readAllBytes(file)), 201);
    }

    private HttpResponse<byte[]> segment(String client, String id, String query, String body) {
        return send(client, "POST", "v1/images/" + id + "/segmentations" + query, body.getBytes());
    }

    private static String boxes(String... boxes) {
        return "{\"boxes\": [" + String.join(", ", boxes) + "]}";
    }

    private static LabelMap labels(byte[] npz) {
        return LabelMapNpz.from(Npz.read(npz, Limits.DEFAULT).get("segs"));
    }

    private void assertProblem(HttpResponse<byte[]> response, int status, String reason) throws IOException {
        assertThat(response.statusCode()).as(RestDoor.text(response)).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains(ProblemDetail.MEDIA_TYPE);
        assertThat(Door.JSON.readTree(response.body()).path("type").asText())
                .isEqualTo("urn:medficientsam:problem:" + reason);
    }

    @Test
    void aPictureIsEncodedWhileItIsLookedAtSoItsFirstBoxRunsNoEncoder() throws Exception {
        byte[] file = Files.readAllBytes(FILES.resolve("xray.png"));
        double before = door().metric("medficientsam_images_memory_bytes");
        String id =
                json(send("ahead", "POST", "v1/images", file), 201).path("id").asText();
        // An embedding takes far more than the picture.
        for (int i = 0; i < 6000 && door().metric("medficientsam_images_memory_bytes") - before < 20 * file.length; i++)
            Thread.sleep(20);

        JsonNode answer = json(segment("ahead", id, "?format=json", boxes(XRAY_BOX)), 200);

        assertThat(answer.path("slicesEncoded").asInt(-1)).isZero();
        String other =
                json(send("ahead", "POST", "v1/images", file), 201).path("id").asText();
        send("ahead", "DELETE", "v1/images/" + other, new byte[0]);
        send("ahead", "DELETE", "v1/images/" + id, new byte[0]);
        for (int i = 0; i < 6000 && door().metric("medficientsam_images_memory_bytes") > before; i++) Thread.sleep(20);
        assertThat(door().metric("medficientsam_images_memory_bytes"))
                .as("of pictures that went, encoded or not")
                .isLessThanOrEqualTo(before);
    }

    @Test
    void aPictureIsDescribedAndShown() throws IOException {
        BufferedImage original = new BufferedImage(90, 70, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < 70; y++)
            for (int x = 0; x < 90; x++) original.getRaster().setSample(x, y, 0, (3 * x + 2 * y) & 0xff);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(original, "png", file);
        HttpResponse<byte[]> created = send("a", "POST", "v1/images", file.toByteArray());
        JsonNode card = json(created, 201);
        String id = card.path("id").asText();

        assertThat(created.headers().firstValue("location").orElseThrow()).endsWith("/v1/images/" + id);
        assertThat(id).matches("[A-Za-z0-9_-]{22,}");
        assertThat(card.path("kind").asText()).isEqualTo("image");
        assertThat(card.path("form").asText()).isEqualTo("png");
        assertThat(card.path("expiresInSeconds").asInt()).isEqualTo(900);
        HttpResponse<byte[]> slice = send("a", "GET", "v1/images/" + id + "/slices/0.png", new byte[0]);
        assertThat(slice.headers().firstValue("content-type")).contains("image/png");
        BufferedImage shown = ImageIO.read(new ByteArrayInputStream(slice.body()));
        assertThat(shown.getWidth())
                .isEqualTo(original.getWidth())
                .isEqualTo(card.path("width").asInt());
        for (int y = 0; y < shown.getHeight(); y += 7)
            for (int x = 0; x < shown.getWidth(); x += 5)
                assertThat(shown.getRaster().getSample(x, y, 0))
                        .isEqualTo(original.getRaster().getSample(x, y, 0));
        assertThat(json(send("a", "GET", "v1/images/" + id, new byte[0]), 200)).isEqualTo(card);
    }

    @Test
    void theSecondBoxCostsTheDecoderAloneAndAnswersTheSame() throws IOException {
        String id = post("a", FILES.resolve("xray.png")).path("id").asText();

        JsonNode first = json(segment("a", id, "", boxes(XRAY_BOX)), 200);
        JsonNode second = json(segment("a", id, "", boxes("[50, 50, 100, 140]")), 200);
        JsonNode again = json(segment("a", id, "", boxes(XRAY_BOX)), 200);

        assertThat(first.path("slicesEncoded").asInt()).isPositive();
        assertThat(second.path("slicesEncoded").asInt()).isZero();
        assertThat(again.path("slicesEncoded").asInt()).isZero();
        assertThat(again.at("/segs/npz")).isEqualTo(first.at("/segs/npz"));
        assertThat(again.at("/labels/0")).isEqualTo(first.at("/labels/0"));
    }

    @Test
    void anNpzKeptAnswersAsOnePostedAtOnce() throws IOException {
        JsonNode card = post("a", NPZ);
        String boxes = card.path("boxes").toString();

        HttpResponse<byte[]> kept = segment("a", card.path("id").asText(), "?format=npz", "{\"boxes\": " + boxes + "}");
        HttpResponse<byte[]> once =
                door().post(BodyPublishers.ofFile(NPZ), Map.of(), "application/x-npz", "application/x-npz");

        assertThat(kept.body()).isEqualTo(once.body());
        assertThat(kept.headers().firstValue("content-type"))
                .isEqualTo(once.headers().firstValue("content-type"));
    }

    @Test
    void neitherBrowserNorProxyKeepsWhatMayShowAPatient() throws IOException {
        String path =
                "v1/images/" + post("a", FILES.resolve("xray.png")).path("id").asText();

        for (HttpResponse<byte[]> response : List.of(
                send("a", "GET", path, new byte[0]),
                send("a", "GET", path + "/slices/0.png", new byte[0]),
                send(
                        "a",
                        "POST",
                        path + "/segmentations?format=overlay",
                        boxes(XRAY_BOX).getBytes()),
                send("b", "GET", path, new byte[0]),
                send("a", "GET", "nowhere", new byte[0]))) {
            assertThat(response.headers().allValues("cache-control")).containsExactly("no-store");
            assertThat(response.headers().allValues("x-content-type-options")).containsExactly("nosniff");
        }
    }

    @Test
    void aVolumeIsAnsweredOnItsOwnGrid() throws IOException {
        JsonNode card = post("a", FILES.resolve("ct.nii.gz"));
        assertThat(card.path("kind").asText()).isEqualTo("volume");
        assertThat(card.path("form").asText()).isEqualTo("nifti");
        assertThat(card.path("axes").asText()).matches("[LRPASI]{3}");
        assertThat(card.path("window").asText()).isEqualTo("40,400");

        HttpResponse<byte[]> nifti = segment("a", card.path("id").asText(), "?format=nifti", boxes(CT_BOX));

        assertThat(nifti.headers().firstValue("content-type")).contains("application/gzip");
        MedicalImage found = ImageFiles.read(nifti.body(), "x.nii.gz", ReadLimits.DEFAULT);
        MedicalImage image = ImageFiles.read(FILES.resolve("ct.nii.gz"), ReadLimits.DEFAULT);
        assertThat(found.raw().grid()).hasToString(image.raw().grid().toString());
        HttpResponse<byte[]> npz = segment("a", card.path("id").asText(), "?format=npz", boxes(CT_BOX));
        assertThat(npz.headers().firstValue("medficientsam-slices-encoded")).contains("0");
        LabelMap labels = labels(npz.body());
        long inNifti = 0;
        for (int i = 0; i < found.raw().voxels().count(); i++)
            if (found.raw().voxels().get(i) == 1) inNifti++;
        long inNpz = 0;
        for (short label : labels.labels()) if (label == 1) inNpz++;
        assertThat(inNifti).isPositive().isEqualTo(inNpz);
    }

    @ParameterizedTest
    @CsvSource({"labels,image/png", "overlay,image/png", "geojson,application/geo+json", "coco,application/json"})
    void aPictureIsAnsweredInEveryForm(String format, String type) throws IOException {
        String id = post("a", FILES.resolve("xray.png")).path("id").asText();

        HttpResponse<byte[]> response = segment("a", id, "?format=" + format, boxes(XRAY_BOX));

        assertThat(response.statusCode()).as(RestDoor.text(response)).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElseThrow()).startsWith(type);
        assertThat(response.body()).isNotEmpty();
    }

    @Test
    void anotherClientsImageIsAsUnknownAsNone() throws IOException {
        String id = post("a", FILES.resolve("xray.png")).path("id").asText();

        for (String client : new String[] {"b", "A", "ab"})
            assertProblem(send(client, "GET", "v1/images/" + id, new byte[0]), 404, "unknown-image");
        assertProblem(segment("b", id, "", boxes(XRAY_BOX)), 404, "unknown-image");
        assertProblem(send("b", "DELETE", "v1/images/" + id, new byte[0]), 404, "unknown-image");
        assertProblem(door().get("v1/images/" + id), 404, "unknown-image");
        assertThat(send("a", "GET", "v1/images/" + id, new byte[0]).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aDeletedImageIsGone() throws IOException {
        String id = post("a", FILES.resolve("xray.png")).path("id").asText();

        assertThat(send("a", "DELETE", "v1/images/" + id, new byte[0]).statusCode())
                .isEqualTo(204);
        assertProblem(segment("a", id, "", boxes(XRAY_BOX)), 404, "unknown-image");
        assertProblem(send("a", "DELETE", "v1/images/" + id, new byte[0]), 404, "unknown-image");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"boxes\": 1}",
                "{\"boxes\": [[1,2,3]]}",
                "{\"boxes\": [[0,0,9,9]], \"colour\": 1}"
            })
    void otherBodiesAreRefusedWithWhatIsWrong(String body) throws IOException {
        String id = post("a", FILES.resolve("xray.png")).path("id").asText();

        HttpResponse<byte[]> response = segment("a", id, "", body);

        assertThat(response.statusCode()).as(RestDoor.text(response)).isIn(400, 422);
        assertThat(Door.JSON.readTree(response.body()).path("field").asText()).isIn("body", "boxes");
    }

    @Test
    void whatIsNoImageIsRefused() throws IOException {
        assertProblem(send("a", "POST", "v1/images", "no image".getBytes()), 400, "malformed");
        assertProblem(send("a", "POST", "v1/images", new byte[0]), 400, "malformed");
    }

    @Test
    void boxesHaveTheLabelsAndNamesTheyAreGiven() throws IOException {
        String id = post("a", FILES.resolve("xray.png")).path("id").asText();
        String body = "{\"boxes\": [%s, [60, 60, 90, 100]], \"labels\": [9, 300], \"names\": [\"lung\", \"<b>\"]}"
                .formatted(XRAY_BOX);

        JsonNode json = json(segment("a", id, "", body), 200);
        assertThat(json.at("/labels/0/label").asInt()).isEqualTo(9);
        LabelMap map = labels(json.at("/segs/npz").binaryValue());
        long nine = 0;
        for (short label : map.labels()) if (label == 9) nine++;
        assertThat(nine).isEqualTo(json.at("/labels/0/voxels").asLong()).isPositive();

        JsonNode features = Door.JSON
                .readTree(segment("a", id, "?format=geojson", body).body())
                .path("features");
        assertThat(features.findValuesAsText("label")).contains("9");
        assertThat(features.at("/0/properties/classification/name").asText()).isIn("lung", "<b>");
        JsonNode coco =
                Door.JSON.readTree(segment("a", id, "?format=coco", body).body());
        assertThat(coco.path("categories").findValuesAsText("name")).containsExactly("object", "lung", "<b>");
        assertProblem(segment("a", id, "", "{\"boxes\": [[1, 1, 9, 9]], \"labels\": [1, 2]}"), 422, "invalid-prompt");
    }
}
