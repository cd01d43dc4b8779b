package org.medficientsam.function.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.function.SegmentationContract;
import org.medficientsam.function.rest.ServedJar;

/** The packaged jar and a browser that looks at it. Screenshots go to target/page. */
abstract class InBrowser {
    static final Path SAMPLES = SegmentationContract.ROOT.resolve("src/samples");
    static final int WIDE = 1280;
    static final int NARROW = 390;

    static Path folder = Path.of("");

    private static @Nullable ServedJar jar;
    private static @Nullable PageUser user;

    @BeforeAll
    static void start(@TempDir Path temporary) throws IOException, InterruptedException {
        folder = temporary;
        Browser.assumeInstalled();
        jar = ServedJar.start("page-in-browser", Map.of());
        user = new PageUser(jar.base(), folder);
    }

    @AfterAll
    static void stop() {
        if (user != null) user.close();
        if (jar != null) jar.close();
    }

    static ServedJar jar() {
        return Objects.requireNonNull(jar);
    }

    static PageUser user() {
        return Objects.requireNonNull(user);
    }

    static Browser browser() {
        return user().browser;
    }

    /** A script that failed, or one that the page's policy refused, is a fault even where nobody saw it. */
    @AfterEach
    void nothingWasWrongInTheConsole() {
        assertThat(browser().complaints())
                .filteredOn(line -> !line.contains("Failed to load resource"))
                .isEmpty();
    }

    static void arrive(int width) {
        user().arrive(width, width == WIDE ? 800 : 844);
    }

    /** Saves what is to be seen, and checks that all of it fits the width and no button is two lines high. */
    static void look(String name) throws IOException {
        Path file = Path.of("target", "page", name + ".png");
        Files.createDirectories(file.getParent());
        Files.write(file, browser().screenshot());
        assertThat(browser()
                        .script("return document.documentElement.scrollWidth - window.innerWidth")
                        .asInt())
                .as("pixels that one would have to scroll sideways")
                .isNotPositive();
        assertThat(browser().script("""
                const lines = (button) => {
                  const text = document.createRange();
                  text.selectNodeContents(button);
                  return new Set([...text.getClientRects()].map((line) => Math.round(line.top))).size;
                };
                return [...document.querySelectorAll('button')].filter((b) => !b.firstElementChild && lines(b) > 1).map((b) => b.textContent);
                """)).as("buttons whose words are broken").isEmpty();
    }

    /** axe's rules of WCAG 2.1 A and AA, contrast included. */
    static void isAccessible() throws IOException {
        try (ZipFile axe = new ZipFile("target/axe/axe-core.jar")) {
            var entry = axe.stream()
                    .filter(e -> e.getName().endsWith("/axe.min.js"))
                    .findFirst()
                    .orElseThrow();
            String script = new String(axe.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
            JsonNode found = browser()
                    .script(script + "; return axe.run().then(r => r.violations.map(v => v.id + ': '"
                            + " + v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | ')))");
            assertThat(found).isEmpty();
        }
    }

    /** A value of the service's own metrics. */
    static double metric(String name) {
        return new String(jar().door().get("q/metrics").body(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    static void awaitMetric(String name, double value) {
        for (int i = 0; i < 2400 && metric(name) != value; i++) Browser.pause(50);
        assertThat(metric(name)).as(name).isEqualTo(value);
    }

    /** What the command line makes of a file and a box. */
    static byte[] segmented(Path file, int... box) throws IOException, InterruptedException {
        Path out = folder.resolve("command.nii.gz");
        String corners = Arrays.stream(box).mapToObj(Integer::toString).collect(Collectors.joining(","));
        List<String> command = List.of(
                "-jar", ServedJar.JAR.toString(), "segment", file.toString(), "--box", corners, "-o", out.toString());
        Process process = ServedJar.process(folder.resolve("log"), Map.of(), command);
        assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("log")))
                .isZero();
        return Files.readAllBytes(out);
    }
}
