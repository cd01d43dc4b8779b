package org.medficientsam.function.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
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
        int[] seen = user().colour(45, 50);
        Map<String, Object> line = Map.of("offline", false, "downloadThroughput", -1, "uploadThroughput", -1);
        Map<String, Object> slow = new HashMap<>(line);
        slow.put("latency", 3000);
        browser().cdp("Network.enable", Map.of());
        browser().cdp("Network.emulateNetworkConditions", slow);

        browser().press(PageUser.HOME);
        browser().await("!document.querySelector('#coming').hidden");

        assertThat(browser().text("#coming")).isEqualTo("Slice 0 is on its way");
        assertThat(user().colour(45, 50)[0]).as("the last slice, dimmed").isLessThan(seen[0] / 2);
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
    void aRequestThatWaitsForOthersSaysSo() throws Exception {
        arrive(WIDE);
        user().choose(VolumeIT.deepVolume());
        String other = """
                const post = (path, body) => fetch(path, {method: 'POST', body, headers: {'Medficientsam-Client': 'other'}});
                window.others = fetch('v1/images', {method: 'POST', headers: {'Medficientsam-Client': 'other'},
                    body: Uint8Array.from(atob(arguments[0]), (c) => c.charCodeAt(0))})
                  .then((r) => r.json())
                  .then(({id}) => { window.other = id;
                    for (let i = 0; i < 3; i++)
                      post('v1/images/' + id + '/segmentations', JSON.stringify({boxes: [[10, 10, 0, 85, 85, 399]]})); });
                return window.others.then(() => 1);
                """;
        browser().script(other, Base64.getEncoder().encodeToString(Files.readAllBytes(VolumeIT.deepVolume())));
        for (int i = 0; i < 600 && metric("medficientsam_waiting") == 0; i++) Browser.pause(50);

        browser().press("b", PageUser.HOME, "[", "\uE010", "]", PageUser.ENTER);
        browser().await("document.querySelector('#busy-text').textContent === 'Waiting for others to finish'");
        look("wide-waiting");

        browser()
                .script("return fetch('v1/images/' + window.other,"
                        + " {method: 'DELETE', headers: {'Medficientsam-Client': 'other'}}).then(() => 1)");
        browser().await("document.querySelector('#progress').value > 0");
        browser().click("#cancel");
        awaitMetric("medficientsam_running", 0);
    }
}
