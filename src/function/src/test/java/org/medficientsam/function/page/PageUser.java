package org.medficientsam.function.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Somebody with a browser: opens files, draws boxes, waits for masks, downloads. Positions are pixels of the image. */
final class PageUser implements AutoCloseable {
    static final String ENTER = "\uE007";
    static final String TAB = "\uE004";
    static final String ESCAPE = "\uE00C";
    static final String SHIFT = "\uE008";
    static final String CONTROL = "\uE009";
    static final String PAGE_UP = "\uE00E";
    static final String PAGE_DOWN = "\uE00F";
    static final String HOME = "\uE011";
    static final String LEFT = "\uE012";
    static final String UP = "\uE013";
    static final String RIGHT = "\uE014";
    static final String DOWN = "\uE015";
    static final String DELETE = "\uE017";

    final Browser browser;
    private final URI page;
    private final Path downloads;

    PageUser(URI page, Path folder) throws IOException, InterruptedException {
        this.page = page;
        this.downloads = Files.createDirectories(folder.resolve("downloads"));
        this.browser = Browser.start(downloads);
    }

    /** The page as it is when one comes to it. */
    void arrive(int width, int height) {
        browser.size(width, height);
        browser.open(URI.create("about:blank"));
        browser.open(page);
        browser.await("document.querySelector('#model').options.length > 0");
        browser.complaints();
    }

    /** Chooses files as the button "Choose files" does, and waits for the image. */
    void choose(Path... files) {
        browser.script("document.querySelector('#what').textContent = ''");
        browser.type(
                "#files",
                String.join("\n", Arrays.stream(files).map(Path::toString).toList()));
        awaitImage();
    }

    void awaitImage() {
        browser.await("document.querySelector('#what').textContent !== ''");
        browser.await("document.querySelector('#canvas').dataset.slice !== ''"
                + " && document.querySelector('#canvas').dataset.slice !== undefined");
        awaitIdle();
    }

    /** Draws with the mouse or a finger so that (x0, y0) and (x1, y1) are the corners, both inside. */
    void draw(String kind, int x0, int y0, int x1, int y1) {
        browser.drag(kind, 0, screen(x0, y0), screen(x1, y1));
    }

    void awaitLabels(int count) {
        browser.await("document.querySelectorAll('#labels > li').length === " + count);
        awaitIdle();
    }

    /** Longer than it takes until a quick request would show that it goes on. */
    void awaitIdle() {
        Browser.pause(250);
        browser.await("document.querySelector('#busy').hidden");
    }

    /** The middle of a pixel, where the image fits the view and is not mirrored; the page's own margin is 0.94. */
    double[] screen(double x, double y) {
        var at = browser.script("""
                const frame = document.querySelector('#canvas').getBoundingClientRect();
                const [, width, height] = document.querySelector('#what').textContent.match(/ (\\d+) × (\\d+)/);
                const scale = 0.94 * Math.min(frame.width / width, frame.height / height);
                return [frame.left + frame.width / 2 + (arguments[0] + 0.5 - width / 2) * scale,
                        frame.top + frame.height / 2 + (arguments[1] + 0.5 - height / 2) * scale];
                """, x, y);
        return new double[] {at.get(0).asDouble(), at.get(1).asDouble()};
    }

    /** Red, green and blue of what the canvas shows at a pixel of the image. */
    int[] colour(double x, double y) {
        double[] at = screen(x, y);
        var rgb = browser.script("""
                const canvas = document.querySelector('#canvas');
                const frame = canvas.getBoundingClientRect();
                const ratio = canvas.width / frame.width;
                return [...canvas.getContext('2d').getImageData(
                    (arguments[0] - frame.left) * ratio, (arguments[1] - frame.top) * ratio, 1, 1).data];
                """, at[0], at[1]);
        return new int[] {rgb.get(0).asInt(), rgb.get(1).asInt(), rgb.get(2).asInt()};
    }

    /** The box in hand, as the fields show it: x0, y0, z0, x1, y1, z1. */
    int[] box() {
        return Stream.of("x0", "y0", "z0", "x1", "y1", "z1")
                .mapToInt(id -> Integer.parseInt(browser.value("#" + id)))
                .toArray();
    }

    /** Downloads all labels in a form and returns the file. */
    Path download(String form) throws IOException {
        for (Path old : files()) Files.delete(old);
        browser.script(
                "const select = document.querySelector('#format'); select.value = arguments[0];"
                        + " if (select.value !== arguments[0]) throw new Error('no such form');",
                form);
        browser.click("#download");
        for (int i = 0; i < 3000; i++) {
            Optional<Path> done = files().stream()
                    .filter(file -> !file.toString().endsWith(".crdownload"))
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .findFirst();
            if (done.isPresent()) {
                awaitIdle();
                return done.get();
            }
            Browser.pause(20);
        }
        throw new AssertionError("nothing was downloaded; the page says '" + browser.text("#error-text") + "'");
    }

    private List<Path> files() {
        try (Stream<Path> all = Files.list(downloads)) {
            return all.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        browser.close();
    }
}
