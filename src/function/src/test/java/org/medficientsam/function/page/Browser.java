package org.medficientsam.function.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.medficientsam.function.rest.RestDoor;

/**
 * Headless Chromium, driven over the W3C WebDriver protocol by the dozen requests that these tests need. A library for it would bring
 * thirty jars beside Quarkus' own.
 *
 * @see <a href="https://www.w3.org/TR/webdriver2/">WebDriver</a>
 */
final class Browser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern STARTED = Pattern.compile("successfully on port (\\d+)");
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

    /** Without a GPU, and without asking the makers of the browser for anything. */
    private static final List<String> ARGUMENTS = List.of(
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Process driver;
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI session;

    private Browser(Process driver, URI base, Path downloads) {
        this.driver = driver;
        Map<String, Object> options = Map.of(
                "binary", onPath("chromium").orElseThrow().toString(),
                "args", ARGUMENTS,
                "prefs",
                        Map.of(
                                "download.default_directory",
                                downloads.toAbsolutePath().toString(),
                                // Nobody is there who could allow a second download.
                                "profile.default_content_setting_values.automatic_downloads",
                                1));
        Map<String, Object> wanted = Map.of(
                "browserName", "chrome", "goog:chromeOptions", options, "goog:loggingPrefs", Map.of("browser", "ALL"));
        JsonNode made = send("POST", base.resolve("session"), Map.of("capabilities", Map.of("alwaysMatch", wanted)));
        this.session = base.resolve("session/" + made.path("sessionId").asText() + "/");
    }

    /** Says so where there is none, unless PAGE_TESTS=required, as in CI: there that is a failure. */
    static void assumeInstalled() {
        boolean installed =
                onPath("chromium").isPresent() && onPath("chromedriver").isPresent();
        if ("required".equals(System.getenv("PAGE_TESTS")))
            assertThat(installed).as("Chromium").isTrue();
        assumeTrue(installed, "SKIPPED: chromium and chromedriver are not on the PATH, so nothing drove the page");
    }

    /** @param downloads an empty folder for what the page saves */
    static Browser start(Path downloads) throws IOException, InterruptedException {
        // Another process may drive another browser at the same time.
        Path log = Path.of(
                "target",
                "chromedriver-%d.log".formatted(ProcessHandle.current().pid()));
        Process driver = new ProcessBuilder(onPath("chromedriver").orElseThrow().toString(), "--port=0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        for (int tenths = 0; tenths < 1200 && driver.isAlive(); tenths++) {
            Matcher started = STARTED.matcher(Files.readString(log));
            if (started.find()) {
                return new Browser(driver, URI.create("http://localhost:" + started.group(1) + "/"), downloads);
            }
            Thread.sleep(100);
        }
        driver.destroyForcibly();
        throw new IllegalStateException("chromedriver does not start:\n" + Files.readString(log));
    }

    private static Optional<Path> onPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    void open(URI page) {
        post("url", Map.of("url", page.toString()));
    }

    /** Of the screen, in CSS pixels; a narrow one is a telephone's, with touch. */
    void size(int width, int height) {
        boolean telephone = width < 600;
        cdp(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", telephone));
        cdp("Emulation.setTouchEmulationEnabled", Map.of("enabled", telephone, "maxTouchPoints", 2));
    }

    /** @param body of a function whose arguments are {@code arguments} */
    JsonNode script(String body, Object... arguments) {
        return post("execute/sync", Map.of("script", body, "args", List.of(arguments)));
    }

    String text(String selector) {
        return script("return document.querySelector(arguments[0]).textContent", selector)
                .asText();
    }

    String value(String selector) {
        return script("return document.querySelector(arguments[0]).value", selector)
                .asText();
    }

    /** Waits until an expression of the page is true. */
    void await(String expression) {
        long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (!script("return Boolean(" + expression + ")").asBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within three minutes: %s; the page says '%s%s'"
                        .formatted(expression, text("#error-text"), text("#status")));
            }
            pause(20);
        }
    }

    static void pause(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void click(String selector) {
        post("element/" + element(selector) + "/click", Map.of());
    }

    /** Also how files are chosen: their paths, one a line. */
    void type(String selector, String text) {
        post("element/" + element(selector) + "/value", Map.of("text", text));
    }

    private String element(String selector) {
        return post("element", Map.of("using", "css selector", "value", selector))
                .path(ELEMENT)
                .asText();
    }

    /** Keys that go where the focus is, one after the other; WebDriver's code points stand for those without a letter. */
    void press(String... keys) {
        List<Map<String, Object>> actions = Stream.of(keys)
                .flatMap(key -> Stream.of(
                        Map.<String, Object>of("type", "keyDown", "value", key),
                        Map.<String, Object>of("type", "keyUp", "value", key)))
                .toList();
        perform(Map.of("type", "key", "id", "keyboard", "actions", actions));
    }

    /** One key while another is held. */
    void chord(String held, String key) {
        List<Map<String, Object>> actions = List.of(
                Map.of("type", "keyDown", "value", held),
                Map.of("type", "keyDown", "value", key),
                Map.of("type", "keyUp", "value", key),
                Map.of("type", "keyUp", "value", held));
        perform(Map.of("type", "key", "id", "keyboard", "actions", actions));
    }

    /** @param kind mouse or touch @param button 0 left, 2 right; positions in CSS pixels of the window */
    void drag(String kind, int button, double[] from, double[] to) {
        double[] middle = {(from[0] + to[0]) / 2, (from[1] + to[1]) / 2};
        List<Map<String, Object>> actions = List.of(
                move(from),
                Map.of("type", "pointerDown", "button", button),
                move(middle),
                move(to),
                Map.of("type", "pointerUp", "button", button));
        perform(Map.of("type", "pointer", "id", kind, "parameters", Map.of("pointerType", kind), "actions", actions));
    }

    private static Map<String, Object> move(double[] to) {
        return Map.of(
                "type", "pointerMove", "duration", 30, "x", (int) Math.round(to[0]), "y", (int) Math.round(to[1]));
    }

    /** Turns the wheel over a position. */
    void wheel(double[] at, int deltaY) {
        Map<String, Object> scroll = Map.of(
                "type", "scroll", "x", (int) at[0], "y", (int) at[1], "deltaX", 0, "deltaY", deltaY, "duration", 0);
        perform(Map.of("type", "wheel", "id", "wheel", "actions", List.of(scroll)));
    }

    private void perform(Map<String, Object> source) {
        post("actions", Map.of("actions", List.of(source)));
    }

    byte[] screenshot() {
        return Base64.getDecoder().decode(get("screenshot").asText());
    }

    /** Errors on the console since the last call: of scripts, of requests, and what the page's policy refused. */
    List<String> complaints() {
        JsonNode entries = post("se/log", Map.of("type", "browser"));
        return StreamSupport.stream(entries.spliterator(), false)
                .filter(entry -> entry.path("level").asText().equals("SEVERE"))
                .map(entry -> entry.path("message").asText())
                .toList();
    }

    /** Closes the tab as its cross does, in the middle of whatever it does, and goes on in a new one. */
    void closeTab() {
        String fresh = post("window/new", Map.of("type", "tab")).path("handle").asText();
        send("DELETE", session.resolve("window"), null);
        post("window", Map.of("handle", fresh));
    }

    void cdp(String command, Map<String, Object> parameters) {
        post("goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    private JsonNode get(String path) {
        return send("GET", session.resolve(path), null);
    }

    private JsonNode post(String path, Map<String, Object> body) {
        return send("POST", session.resolve(path), body);
    }

    private JsonNode send(String method, URI uri, @Nullable Map<String, Object> body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .timeout(Duration.ofSeconds(300))
                    .header("Content-Type", "application/json")
                    .method(
                            method,
                            body == null
                                    ? BodyPublishers.noBody()
                                    : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                    .build();
            HttpResponse<byte[]> response = RestDoor.send(http, request);
            JsonNode value = JSON.readTree(response.body()).path("value");
            if (response.statusCode() != 200) {
                throw new AssertionError("%s %s: %s"
                        .formatted(method, uri.getPath(), value.path("message").asText()));
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            send("DELETE", URI.create(session.toString().replaceFirst("/$", "")), null);
        } finally {
            driver.destroy();
            driver.onExit().orTimeout(120, TimeUnit.SECONDS).join();
        }
    }
}
