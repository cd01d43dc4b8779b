package org.medficientsam.function.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.medficientsam.function.Door;

/** The page says what is so: nothing is lost without a word, and nothing is shown that is not there yet. */
class CandourIT extends InBrowser {
    private static final Path XRAY = SAMPLES.resolve("files/xray.png");
    private static final Path CT = SAMPLES.resolve("files/ct.nii.gz");

    @Test
    void anEmptyFileIsNotSilentlyNothing() throws IOException {
        Path empty = Files.write(folder.resolve("empty.png"), new byte[0]);
        arrive(WIDE);

        browser().type("#files", empty.toString());

        browser().await("!document.querySelector('#error').hidden");
        assertThat(browser().text("#error-text")).contains("empty");
    }

    @Test
    void labelsThatWereNotDownloadedAreAskedForBeforeAnotherImageOpens() throws IOException {
        Path other = folder.resolve("another.png");
        Files.copy(XRAY, other, StandardCopyOption.REPLACE_EXISTING);
        arrive(WIDE);
        user().choose(XRAY);
        user().draw("mouse", 44, 42, 116, 158);
        user().awaitLabels(1);

        browser().type("#files", other.toString());
        browser().await("document.querySelector('#ask-discard').open");
        look("wide-discard");
        isAccessible();
        browser().press(PageUser.ENTER);
        browser().await("!document.querySelector('#ask-discard').open");
        user().awaitLabels(1);
        assertThat(browser().text("#what b")).as("kept").doesNotContain("another");

        browser().type("#files", other.toString());
        browser().await("document.querySelector('#ask-discard').open");
        browser().click("#ask-discard button[value=discard]");
        browser().await("document.querySelector('#what b').textContent === 'another.png'");
        user().awaitLabels(0);

        user().draw("mouse", 44, 42, 116, 158);
        user().awaitLabels(1);
        user().download("labels");
        user().choose(XRAY);
        assertThat(browser().text("#what b")).as("nothing would be lost").doesNotContain("another");
    }

    @Test
    void modelsAndTheirRulesAreThoseThatTheServiceHas() throws IOException {
        arrive(WIDE);
        JsonNode models = Door.JSON.readTree(jar().door().get("v1/models").body());
        for (JsonNode model : models) {
            boolean first = model.path("default").asBoolean();
            VolumeIT.choose("#model", first ? "" : model.path("id").asText());
            List<String> rules = new ArrayList<>();
            browser()
                    .script("return [...document.querySelector('#rules').options].map(o => o.value || o.textContent)")
                    .forEach(option -> rules.add(option.asText().replace(" (default)", "")));
            assertThat(rules)
                    .as(model.path("id").asText())
                    .isEqualTo(StreamSupport.stream(model.path("supportedRules").spliterator(), false)
                            .map(JsonNode::asText)
                            .toList());
        }
    }

    @Test
    void aSliceThatIsLongOnItsWayIsNotTakenForTheLastOne() throws IOException {
        arrive(WIDE);
        user().choose(CT);
        assertThat(opacity(45, 50)).isEqualTo(255);
        Map<String, Object> line = Map.of("offline", false, "downloadThroughput", -1, "uploadThroughput", -1);
        Map<String, Object> slow = new HashMap<>(line);
        slow.put("latency", 3000);
        browser().cdp("Network.enable", Map.of());
        browser().cdp("Network.emulateNetworkConditions", slow);

        browser().press(PageUser.HOME);
        browser().await("!document.querySelector('#coming').hidden");

        assertThat(browser().text("#coming")).isEqualTo("Slice 0 is on its way");
        assertThat(opacity(45, 50)).as("the last slice, dimmed").isLessThan(100);
        look("wide-coming");
        VolumeIT.awaitSlice(0);
        assertThat(browser()
                        .script("return document.querySelector('#coming').hidden")
                        .asBoolean())
                .isTrue();
        slow.put("latency", 0);
        browser().cdp("Network.emulateNetworkConditions", slow);
    }

    @Test
    void scrollingGoesOnOnceTheServerAnswersAgain() {
        arrive(WIDE);
        user().choose(CT);
        Map<String, Object> line =
                new HashMap<>(Map.of("latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
        browser().cdp("Network.enable", Map.of());
        line.put("offline", true);
        browser().cdp("Network.emulateNetworkConditions", line);
        browser().press(PageUser.HOME);
        browser().await("document.querySelector('#coming').textContent === 'Slice 0 did not come'");
        assertThat(browser().text("#error-text")).isEqualTo("The server does not answer. Is it still running?");

        line.put("offline", false);
        browser().cdp("Network.emulateNetworkConditions", line);
        browser().press(PageUser.PAGE_UP);

        VolumeIT.awaitSlice(1);
    }

    /** How much of what the canvas shows at a pixel of the image is not its black ground, of 255. */
    private static int opacity(double x, double y) {
        double[] at = user().screen(x, y);
        return browser().script("""
                const canvas = document.querySelector('#canvas');
                const frame = canvas.getBoundingClientRect();
                const ratio = canvas.width / frame.width;
                return canvas.getContext('2d').getImageData(
                    (arguments[0] - frame.left) * ratio, (arguments[1] - frame.top) * ratio, 1, 1).data[3];
                """, at[0], at[1]).asInt();
    }
}
