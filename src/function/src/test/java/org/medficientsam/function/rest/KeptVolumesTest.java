package org.medficientsam.function.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.function.Door;
import org.medficientsam.function.SegmentationContract;
import org.medficientsam.function.rest.exchange.Owners;
import org.medficientsam.imagefile.ImageFiles;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.ReadLimits;

/** Volumes kept between requests: what a viewer is given of them, and series posted file by file. */
@QuarkusTest
class KeptVolumesTest {
    private static final Path FILES = SegmentationContract.ROOT.resolve("src/imagefile/src/test/resources/files");

    @TestHTTPResource("/")
    URI base = URI.create("");

    private RestDoor door() {
        return new RestDoor(base);
    }

    private HttpRequest.Builder request(String path) {
        return door().request(path).header(Owners.CLIENT, "a");
    }

    private JsonNode kept(HttpRequest.Builder request, byte[] body) throws IOException {
        HttpResponse<byte[]> response =
                door().send(request.POST(BodyPublishers.ofByteArray(body)).build());
        assertThat(response.statusCode()).as(RestDoor.text(response)).isEqualTo(201);
        return Door.JSON.readTree(response.body());
    }

    private JsonNode post(Path file) throws IOException {
        return kept(request("v1/images"), Files.readAllBytes(file));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "series.zip",
                "thick.mha",
                "type_int16.nii",
                "scaled.nii",
                "big_endian.nii",
                "rgb.nii",
                "ct_rle.dcm",
                "pages.tif"
            })
    void aViewerIsGivenTheFilesOwnNumbersOnTheirOwnGrid(String name) throws IOException {
        Path file = FILES.resolve(name);
        String id = post(file).path("id").asText();

        HttpResponse<byte[]> volume =
                door().send(request("v1/images/" + id + "/volume.nii.gz").build());

        assertThat(volume.statusCode()).as(RestDoor.text(volume)).isEqualTo(200);
        RawImage given =
                ImageFiles.read(volume.body(), "x.nii.gz", ReadLimits.DEFAULT).raw();
        RawImage own = ImageFiles.read(file, ReadLimits.DEFAULT).raw();
        assertThat(given.grid()).hasToString(own.grid().toString());
        assertThat(given.channels()).isEqualTo(own.channels());
        int slice = own.grid().size(0) * own.grid().size(1) * own.channels();
        for (int i = 0; i < own.voxels().count(); i += 3)
            assertThat(given.rescale().apply(given.voxels().get(i), i / slice))
                    .isCloseTo(own.rescale().apply(own.voxels().get(i), i / slice), within(1e-2));
        for (int row = 0; row < 3; row++)
            for (int column = 0; column < 4; column++)
                assertThat(given.grid().affineOrScaling().get(row, column))
                        .isCloseTo(own.grid().affineOrScaling().get(row, column), within(1e-3));
    }

    @Test
    void theFilesOfASeriesAreOneVolume() throws IOException {
        Path zip = FILES.resolve("series.zip");
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        try (ZipInputStream series = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = series.getNextEntry(); entry != null; entry = series.getNextEntry()) {
                form.write("--x1\r\nContent-Disposition: form-data; name=\"files\"; filename=\"<i>.dcm\"\r\n\r\n"
                        .getBytes());
                form.write(series.readAllBytes());
                form.write("\r\n".getBytes());
            }
        }
        form.write("--x1--".getBytes());
        JsonNode parts = kept(
                request("v1/images").header("Content-Type", "multipart/form-data; boundary=x1"), form.toByteArray());
        JsonNode whole = post(zip);

        assertThat(parts.path("depth").asInt()).isGreaterThan(1);
        for (String field :
                new String[] {"kind", "form", "width", "height", "depth", "spacing", "axes", "window", "values"})
            assertThat(parts.path(field)).as(field).isEqualTo(whole.path(field));
    }
}
