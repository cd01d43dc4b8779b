package org.medficientsam.function.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.LabelMapNpz;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.function.BadCase;
import org.medficientsam.function.Door;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.SegmentationContract;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.function.service.ProblemDetail;
import org.medficientsam.imagefile.ImageFiles;
import org.medficientsam.imagefile.MedicalImage;
import org.medficientsam.imagefile.image.ReadLimits;

/** Files of any form in one request, in and out, over HTTP in this process. */
@QuarkusTest
class FormsTest {
    private static final Path FILES = SegmentationContract.ROOT.resolve("src/samples/files");
    private static final String BOUNDARY = "----a1b2c3";

    @TestHTTPResource("/")
    URI base = URI.create("");

    private HttpResponse<byte[]> post(String query, byte[] body, String... headers) {
        HttpRequest.Builder request = new RestDoor(base).request("v1/segmentations" + query);
        if (headers.length > 0) request.headers(headers);
        return new RestDoor(base)
                .send(request.POST(BodyPublishers.ofByteArray(body)).build());
    }

    private static byte[] file(String name) throws IOException {
        return Files.readAllBytes(FILES.resolve(name));
    }

    private static String boxes(String text) {
        return "boxes=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static byte[] ok(HttpResponse<byte[]> response, String type) {
        assertThat(response.statusCode()).as(RestDoor.text(response)).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElseThrow()).startsWith(type);
        return response.body();
    }

    private static void assertProblem(HttpResponse<byte[]> response, int status, String reason, String... said)
            throws IOException {
        assertThat(response.statusCode()).as(RestDoor.text(response)).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains(ProblemDetail.MEDIA_TYPE);
        JsonNode problem = Door.JSON.readTree(response.body());
        assertThat(problem.path("type").asText()).isEqualTo("urn:medficientsam:problem:" + reason);
        for (String word : said) assertThat(problem.path("detail").asText()).contains(word);
    }

    private static LabelMap labels(byte[] npz) {
        return LabelMapNpz.from(Npz.read(npz, Limits.DEFAULT).get("segs"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "image/png", "application/octet-stream", "application/x-www-form-urlencoded"})
    void aPictureWithBoxesInTheQueryIsAnsweredAsAPicture(String type) throws IOException {
        byte[] png = ok(
                type.isEmpty()
                        ? post("?" + boxes("44,42,116,158"), file("xray.png"))
                        : post("?" + boxes("44,42,116,158"), file("xray.png"), "Content-Type", type),
                "image/png");

        MedicalImage found = ImageFiles.read(png, "x.png", ReadLimits.DEFAULT);
        MedicalImage image = ImageFiles.read(FILES.resolve("xray.png"), ReadLimits.DEFAULT);
        assertThat(found.raw().grid()).hasToString(image.raw().grid().toString());
        assertThat(found.range()).containsExactly(0, 1);
    }

    @Test
    void aNiftiWithBoxesIsAnsweredAsNiftiWithItsOwnHeader() throws IOException {
        byte[] nifti =
                ok(post("?" + boxes("[[25,34,3,65,66,15]]") + "&window=40,400", file("ct.nii.gz")), "application/gzip");

        MedicalImage found = ImageFiles.read(nifti, "x.nii.gz", ReadLimits.DEFAULT);
        MedicalImage image = ImageFiles.read(FILES.resolve("ct.nii.gz"), ReadLimits.DEFAULT);
        for (int row = 0; row < 3; row++)
            for (int column = 0; column < 4; column++)
                assertThat(found.raw().grid().affine().orElseThrow().get(row, column))
                        .isEqualTo(image.raw().grid().affine().orElseThrow().get(row, column));
        assertThat(found.range()).containsExactly(0, 1);
    }

    @Test
    void acceptAndFormatChooseAnotherForm() throws IOException {
        String box = boxes("44,42,116,158");
        assertThat(Door.JSON
                        .readTree(
                                ok(post("?" + box, file("xray.png"), "Accept", "application/json"), "application/json"))
                        .at("/labels/0/voxels")
                        .asLong())
                .isPositive();
        assertThat(labels(ok(post("?format=npz&" + box, file("xray.png")), MediaTypes.NPZ))
                        .height())
                .isPositive();
        assertThat(Door.JSON
                        .readTree(ok(post("?format=geojson&" + box, file("xray.png")), MediaTypes.GEOJSON))
                        .at("/features/0/geometry/type")
                        .asText())
                .contains("Polygon");
        assertProblem(
                post("?format=labels&" + boxes("25,34,3,65,66,15"), file("ct.nii.gz")), 400, "malformed", "format");
        assertProblem(post("?format=svg&" + box, file("xray.png")), 400, "malformed", "format", "svg");
    }

    @Test
    void anNpzOfAnyTypeIsStillAnNpz() throws IOException {
        byte[] typed = ok(post("", SampleCase.image(), "Content-Type", MediaTypes.NPZ), MediaTypes.NPZ);
        byte[] untyped = ok(post("", SampleCase.image()), MediaTypes.NPZ);

        assertThat(untyped).isEqualTo(typed);
    }

    private static byte[] multipart(Object... parts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < parts.length; i += 2) {
            String file = parts[i + 1] instanceof byte[] ? "; filename=\"../../<b>.png\"" : "";
            out.write(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + parts[i] + "\"" + file
                            + "\r\n\r\n")
                    .getBytes());
            out.write(
                    parts[i + 1] instanceof byte[] bytes
                            ? bytes
                            : parts[i + 1].toString().getBytes());
            out.write("\r\n".getBytes());
        }
        out.write(("--" + BOUNDARY + "--\r\n").getBytes());
        return out.toByteArray();
    }

    @Test
    void aFormOfABrowserIsAFileWithFields() throws IOException {
        byte[] form = multipart("boxes", "44,42,116,158", "image", file("xray.png"));

        byte[] answer = ok(post("", form, "Content-Type", "multipart/form-data; boundary=" + BOUNDARY), "image/png");

        assertThat(answer).isEqualTo(ok(post("?" + boxes("44,42,116,158"), file("xray.png")), "image/png"));
    }

    @Test
    void damagedFormsAreRefused() throws IOException {
        String type = "multipart/form-data; boundary=" + BOUNDARY;
        assertProblem(post("", multipart("boxes", "1,1,9,9"), "Content-Type", type), 400, "malformed", "file");
        assertProblem(post("", "nothing".getBytes(), "Content-Type", type), 400, "malformed", "boundaries");
        assertProblem(post("", file("xray.png"), "Content-Type", "multipart/form-data"), 400, "malformed", "boundary");
        assertProblem(
                post("", multipart("image", file("xray.png")), "Content-Type", type), 422, "invalid-prompt", "boxes");
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(plain);
        }
        return out.toByteArray();
    }

    @Test
    void gzipIsInflatedWithinTheSameCap() throws IOException {
        byte[] plain = ok(post("", SampleCase.image(), "Content-Type", MediaTypes.NPZ), MediaTypes.NPZ);

        assertThat(ok(
                        post("", gzip(SampleCase.image()), "Content-Type", MediaTypes.NPZ, "Content-Encoding", "gzip"),
                        MediaTypes.NPZ))
                .isEqualTo(plain);
        assertProblem(
                post(
                        "",
                        gzip(BadCase.BODY_OVER_THE_CAP.npz()),
                        "Content-Type",
                        MediaTypes.NPZ,
                        "Content-Encoding",
                        "gzip"),
                413,
                "too-large");
        assertProblem(
                post("", SampleCase.image(), "Content-Type", MediaTypes.NPZ, "Content-Encoding", "gzip"),
                400,
                "malformed",
                "gzip");
        assertProblem(
                post("", SampleCase.image(), "Content-Type", MediaTypes.NPZ, "Content-Encoding", "br"),
                415,
                "unsupported-media-type",
                "br");
    }

    @Test
    void eachBoxHasAMaskOfItsOwn() throws IOException {
        // The same box twice: in the label map the later one covers the earlier.
        String twice = boxes("44,42,116,158;44,42,116,158");
        LabelMap map = labels(ok(post("?format=npz&" + twice, file("xray.png")), MediaTypes.NPZ));
        NpyArray masks = Npz.read(ok(post("?format=masks&" + twice, file("xray.png")), MediaTypes.NPZ), Limits.DEFAULT)
                .get("masks");

        assertThat(masks.shape()).containsExactly(2, map.height(), map.width());
        long first = 0;
        long second = 0;
        int pixels = map.height() * map.width();
        for (int i = 0; i < pixels; i++) {
            assertThat(masks.at(i)).isEqualTo(masks.at(pixels + i));
            first += (long) masks.at(i);
            second += map.get(0, i / map.width(), i % map.width()) == 2 ? 1 : 0;
        }
        assertThat(first).isPositive().isEqualTo(second);
    }

    @ParameterizedTest
    @CsvSource({"xray.png, '44,42,116,158'", "ct.nii.gz, '25,34,3,65,66,15'"})
    void probabilitiesAboveTheThresholdAreTheMask(String name, String box) throws IOException {
        for (String threshold : new String[] {"0.5", "0.2", "0.9"}) {
            String query = "&threshold=" + threshold + "&" + boxes(box);
            NpyArray likely = Npz.read(
                            ok(post("?format=probabilities" + query, file(name)), MediaTypes.NPZ), Limits.DEFAULT)
                    .get("probabilities");
            NpyArray masks = Npz.read(ok(post("?format=masks" + query, file(name)), MediaTypes.NPZ), Limits.DEFAULT)
                    .get("masks");
            LabelMap map = labels(ok(post("?format=npz" + query, file(name)), MediaTypes.NPZ));
            assertThat(likely.shape()).isEqualTo(masks.shape());
            double cut = Double.parseDouble(threshold);
            long inside = 0;
            for (int i = 0; i < likely.size(); i++) {
                boolean in = masks.at(i) == 1;
                if (Math.abs(likely.at(i) - cut) > 1e-5)
                    assertThat(likely.at(i) > cut).isEqualTo(in);
                assertThat(map.labels()[i] == 1).isEqualTo(in);
                if (in) inside++;
            }
            assertThat(inside).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "-1", "NaN", "half"})
    void otherThresholdsAreRefused(String threshold) throws IOException {
        assertProblem(
                post("?threshold=" + threshold, SampleCase.image(), "Content-Type", MediaTypes.NPZ),
                400,
                "malformed",
                "threshold");
    }
}
