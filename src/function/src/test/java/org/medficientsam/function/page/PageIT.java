package org.medficientsam.function.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.function.rest.RestDoor;
import org.medficientsam.function.rest.ServedJar;

/** The page's files and headers, as the packaged jar serves them. What it does in a browser: {@link PictureIT}, {@link VolumeIT}. */
class PageIT {
    private static final Path FILES = Path.of("src/main/resources/page");

    private static ServedJar jar;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        jar = ServedJar.start("page-it", Map.of());
    }

    @AfterAll
    static void stop() {
        jar.close();
    }

    @Test
    void theRootIsThePageAndNothingForeignRunsThere() {
        HttpResponse<byte[]> page = jar.door().get("");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(header(page, "content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(header(page, "content-security-policy"))
                .contains("default-src 'self'", "frame-ancestors 'none'", "object-src 'none'")
                .doesNotContain("unsafe", "*", "http:", "https:", "data:");
        assertThat(header(page, "x-content-type-options")).isEqualTo("nosniff");
        assertThat(header(page, "referrer-policy")).isEqualTo("no-referrer");
        assertThat(RestDoor.text(page)).contains("research use", "Not a medical device");
    }

    @Test
    void everyFileIsServedWithItsTypeAndAskedForAgainOnlyWhereItChanged() throws IOException {
        for (Path file : files()) {
            HttpResponse<byte[]> response = jar.door().get("page/" + file.getFileName());

            assertThat(response.statusCode()).as(file.toString()).isEqualTo(200);
            assertThat(response.body()).isEqualTo(Files.readAllBytes(file));
            assertThat(header(response, "x-content-type-options")).isEqualTo("nosniff");
            HttpResponse<byte[]> again = jar.door()
                    .send(jar.door()
                            .request("page/" + file.getFileName())
                            .header("If-None-Match", header(response, "etag"))
                            .build());
            assertThat(again.statusCode()).isEqualTo(304);
        }
    }

    @Test
    void nothingOfThePageComesFromElsewhere() throws IOException {
        // Names of XML namespaces are no addresses.
        Pattern foreign =
                Pattern.compile("https?://(?!www\\.w3\\.org/2000/svg)|//cdn|style=\"|\\son[a-z]+=\"|innerHTML");
        for (Path file : files()) {
            assertThat(foreign.matcher(Files.readString(file)).results().toList())
                    .as(file.toString())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "page/nothing.js",
                "page/..%2fapplication.properties",
                "page/%2e%2e/application.properties",
                "page/a.class",
                "page/",
                "application.properties",
                "index.html"
            })
    void nothingElseOfTheJarIsServed(String path) {
        HttpResponse<byte[]> response = jar.door().get(path);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(header(response, "content-type")).isEqualTo("application/problem+json");
    }

    @Test
    void thePageOnlyAnswersQuestions() {
        assertThat(jar.door()
                        .send(jar.door()
                                .request("")
                                .method("HEAD", BodyPublishers.noBody())
                                .build())
                        .body())
                .isEmpty();
        assertThat(jar.door()
                        .send(jar.door()
                                .request("")
                                .POST(BodyPublishers.ofString("x"))
                                .build())
                        .statusCode())
                .isIn(404, 405);
    }

    @Test
    void whereItIsSwitchedOffThereIsNone() throws IOException, InterruptedException {
        try (ServedJar without = ServedJar.start("no-page", Map.of("MEDFICIENTSAM_PAGE_ENABLED", "false"))) {
            assertThat(without.door().get("").statusCode()).isEqualTo(404);
            assertThat(without.door().get("page/app.js").statusCode()).isEqualTo(404);
            assertThat(without.door().get("v1/models").statusCode()).isEqualTo(200);
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files.toList();
        }
    }

    private static String header(HttpResponse<byte[]> response, String name) {
        return new String(
                response.headers().firstValue(name).orElse("").getBytes(StandardCharsets.UTF_8),
                StandardCharsets.UTF_8);
    }
}
