package org.medficientsam.function.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.Npz;

/** A picture on the page: a phantom's lesion, whose truth is known. */
class PictureIT extends InBrowser {
    private static final int HEIGHT = 240;
    private static final int LENGTH = 320;

    private static Path picture = Path.of("");
    private static byte[] truth = {};
    private static int[] box = {}; // x_min, y_min, x_max, y_max

    @BeforeAll
    static void draw() throws IOException {
        Npz phantom = Npz.read(SAMPLES.resolve("2D_sample_lesion.npz"), Limits.DEFAULT);
        truth = phantom.get("gts").uint8();
        box = phantom.get("boxes").toInts();
        picture = folder.resolve("lesion.png");
        writePng(phantom.get("imgs").uint8(), picture);
    }

    @Test
    void aBoxDrawnWithTheMouseBecomesTheLesionsMask() throws IOException {
        arrive(WIDE);
        look("wide-empty");
        isAccessible();
        user().choose(picture);
        int[] before = user().colour(middle(0), middle(1));

        user().draw("mouse", box[0], box[1], box[2], box[3]);
        user().awaitLabels(1);

        assertThat(user().box()).containsExactly(box[0], box[1], 0, box[2], box[3], 0);
        assertThat(user().colour(middle(0), middle(1)))
                .as("the mask lies over it")
                .isNotEqualTo(before);
        assertThat(dice(labels())).isGreaterThan(0.8);
        look("wide-picture");
        isAccessible();
    }

    @Test
    void aFingerOnANarrowScreenDoesTheSame() throws IOException {
        arrive(NARROW);
        look("narrow-empty");
        user().choose(picture);

        user().draw("touch", box[0], box[1], box[2], box[3]);
        user().awaitLabels(1);

        // A pixel of the screen is more than one of the image here.
        assertThat(dice(labels())).isGreaterThan(0.8);
        look("narrow-picture");
        isAccessible();
    }

    @Test
    void theKeyboardAloneIsEnough() throws IOException {
        arrive(WIDE);
        user().choose(picture); // The system's own dialog, which no page can be driven through.
        assertThat(focused()).isEqualTo("canvas");

        browser().press("b");
        int[] start = user().box();
        hold(box[0] - start[0], PageUser.LEFT, PageUser.RIGHT);
        hold(box[1] - start[1], PageUser.UP, PageUser.DOWN);
        int[] moved = user().box();
        assertThat(Arrays.copyOf(moved, 2)).containsExactly(box[0], box[1]);
        resize(box[2] - moved[3], PageUser.LEFT, PageUser.RIGHT);
        resize(box[3] - moved[4], PageUser.UP, PageUser.DOWN);
        browser().press(PageUser.ENTER);
        user().awaitLabels(1);

        assertThat(user().box()).containsExactly(box[0], box[1], 0, box[2], box[3], 0);
        assertThat(browser().text("#status")).matches("Label 1: \\d+ pixels in .* s");
        tabTo("document.activeElement.getAttribute('aria-label') === 'Name of label 1'");
        browser().press("N", "a", "e", "v", "u", "s", PageUser.ENTER);
        tabTo("document.activeElement.id === 'download'");
        assertThat(browser().value("#format")).as("the form that came in").isEqualTo("labels");
        assertThat(dice(labels())).isGreaterThan(0.8);
        assertThat(browser().value("#labels input[type=text]")).endsWith("Naevus");

        browser().chord(PageUser.CONTROL, "z");
        browser().chord(PageUser.CONTROL, "z");
        browser().await("document.querySelectorAll('#labels > li').length === 0");
        browser().chord(PageUser.CONTROL, "y");
        browser().await("document.querySelectorAll('#labels > li').length === 1");
    }

    @Test
    void aHandleDraggedSegmentsThatLabelAndNoOther() throws IOException {
        arrive(WIDE);
        user().choose(picture);
        user().draw("mouse", 5, 5, 60, 60);
        user().awaitLabels(1);
        String other = size(1);
        user().draw("mouse", box[0], box[1], box[2] - 30, box[3] - 30);
        user().awaitLabels(2);
        String cut = size(2);

        // The corner's handle is where the last pixel ends.
        browser().drag("mouse", 0, user().screen(box[2] - 29.5, box[3] - 29.5), user().screen(box[2], box[3]));
        browser().await("document.querySelector('#x1').value === '" + box[2] + "'");
        user().awaitIdle();

        assertThat(size(1)).isEqualTo(other);
        assertThat(size(2)).isNotEqualTo(cut);
        browser().click("#undo");
        assertThat(size(2)).isEqualTo(cut);
        browser().click("#labels li:first-child button[aria-label^=Delete]");
        user().awaitLabels(1);
        assertThat(size(1)).isEqualTo(cut);
    }

    @Test
    void everyFormOfAPictureCanBeDownloaded() throws IOException {
        arrive(WIDE);
        user().choose(picture);
        user().draw("mouse", box[0], box[1], box[2], box[3]);
        user().awaitLabels(1);

        var offered = browser().script("return [...document.querySelector('#format').options].map(o => o.value)");
        List<String> forms = StreamSupport.stream(offered.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        assertThat(forms).containsExactly("labels", "overlay", "geojson", "coco", "npz", "masks");
        for (String form : forms) {
            byte[] bytes = Files.readAllBytes(user().download(form));
            String start = new String(Arrays.copyOf(bytes, 4), StandardCharsets.ISO_8859_1);
            assertThat(start)
                    .as(form)
                    .matches(
                            switch (form) {
                                case "labels", "overlay" -> "\u0089PNG";
                                case "npz", "masks" -> "PK..";
                                default -> "(?s)\\{.*";
                            });
        }
    }

    @Test
    void aPictureIsDroppedOnThePage() throws IOException {
        arrive(WIDE);

        browser().script("""
                const bytes = Uint8Array.from(atob(arguments[0]), (letter) => letter.charCodeAt(0));
                const dataTransfer = new DataTransfer();
                dataTransfer.items.add(new File([bytes], 'dropped.png'));
                const event = { dataTransfer, bubbles: true, cancelable: true };
                document.querySelector('#stage').dispatchEvent(new DragEvent('dragover', event));
                document.querySelector('#stage').dispatchEvent(new DragEvent('drop', event));
                """, Base64.getEncoder().encodeToString(Files.readAllBytes(picture)));
        user().awaitImage();

        assertThat(browser().text("#what")).isEqualTo("dropped.png 320 × 240");
    }

    @Test
    void aFileNameIsTextWhateverItSays() throws IOException {
        Path hostile = folder.resolve("<img src=x onerror=window.ran=1>\"'><svg onload=window.ran=1>.png");
        Files.copy(picture, hostile);
        arrive(WIDE);
        user().choose(hostile);
        user().draw("mouse", box[0], box[1], box[2], box[3]);
        user().awaitLabels(1);
        browser().click("#labels input[type=text]");
        browser().type("#labels input[type=text]", "<img src=x onerror=window.ran=1>");
        browser().press(PageUser.ENTER);
        browser().click("#undo");
        browser().click("#redo");
        user().download("labels");

        assertThat(browser().text("#what b")).isEqualTo(hostile.getFileName().toString());
        assertThat(browser().script("return window.ran === undefined").asBoolean())
                .isTrue();
        assertThat(browser()
                        .script("return document.querySelectorAll('img, script:not([src])').length")
                        .asInt())
                .isZero();
    }

    @Test
    void whatIsNoImageIsRefusedInASentenceAndThePageGoesOn() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.png"), "no image at all");
        arrive(WIDE);

        browser().type("#files", text.toString());
        browser().await("!document.querySelector('#error').hidden");

        assertThat(browser().text("#error-text")).matches("[A-Z].*\\.").doesNotContain("{", "urn:", folder.toString());
        look("wide-error");
        user().choose(picture);
        assertThat(browser()
                        .script("return document.querySelector('#error').hidden")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void theImageIsForgottenWhenThePageIsLeft() {
        arrive(WIDE);
        awaitMetric("medficientsam_images", 0);
        user().choose(picture);
        awaitMetric("medficientsam_images", 1);

        browser().open(URI.create("about:blank"));

        awaitMetric("medficientsam_images", 0);
    }

    private static double middle(int axis) {
        return (box[axis] + box[axis + 2]) / 2.0;
    }

    private static BufferedImage labels() throws IOException {
        return ImageIO.read(user().download("labels").toFile());
    }

    private static double dice(BufferedImage labels) {
        assertThat(labels.getWidth()).isEqualTo(LENGTH);
        assertThat(labels.getHeight()).isEqualTo(HEIGHT);
        int both = 0;
        int either = 0;
        for (int i = 0; i < truth.length; i++) {
            boolean mask = labels.getRaster().getSample(i % LENGTH, i / LENGTH, 0) == 1;
            if (mask && truth[i] != 0) both++;
            if (mask) either++;
            if (truth[i] != 0) either++;
        }
        return 2.0 * both / either;
    }

    private static String size(int row) {
        return browser().text("#labels li:nth-child(" + row + ") .size span");
    }

    private static String focused() {
        return browser().script("return document.activeElement.id").asText();
    }

    private static void hold(int steps, String back, String forth) {
        if (steps != 0)
            browser()
                    .press(Collections.nCopies(Math.abs(steps), steps < 0 ? back : forth)
                            .toArray(String[]::new));
    }

    private static void resize(int steps, String back, String forth) {
        IntStream.range(0, Math.abs(steps)).forEach(i -> browser().chord(PageUser.SHIFT, steps < 0 ? back : forth));
    }

    private static void tabTo(String expression) {
        for (int i = 0; i < 60; i++) {
            if (browser().script("return " + expression).asBoolean()) return;
            browser().press(PageUser.TAB);
        }
        throw new AssertionError("Tab never gets to where " + expression);
    }

    private static void writePng(byte[] rgb, Path file) throws IOException {
        BufferedImage image = new BufferedImage(LENGTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < LENGTH * HEIGHT; i++) {
            image.setRGB(
                    i % LENGTH,
                    i / LENGTH,
                    (rgb[3 * i] & 255) << 16 | (rgb[3 * i + 1] & 255) << 8 | rgb[3 * i + 2] & 255);
        }
        ImageIO.write(image, "png", file.toFile());
    }
}
