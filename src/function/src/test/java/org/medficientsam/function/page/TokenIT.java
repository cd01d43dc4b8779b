package org.medficientsam.function.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.function.SegmentationContract;
import org.medficientsam.function.rest.ServedJar;

/** The page where the service wants a token: whoever has it is let in, and nobody else. */
class TokenIT {
    private static final String TOKEN = "0123456789-of-this-test";

    @Test
    void thePageAsksForTheTokenUntilItIsTheRightOne(@TempDir Path folder) throws IOException, InterruptedException {
        Browser.assumeInstalled();
        try (ServedJar jar = ServedJar.start("page-token", Map.of("MEDFICIENTSAM_TOKEN", TOKEN));
                PageUser user = new PageUser(jar.base(), folder)) {
            Browser browser = user.browser;
            browser.size(InBrowser.WIDE, 800);
            browser.open(jar.base());
            browser.await("document.querySelector('#ask-token').open");

            browser.press("w", "r", "o", "n", "g", PageUser.ENTER);
            browser.await("document.querySelector('#ask-token').open && document.querySelector('#token').value === ''");
            assertThat(browser.script("return document.querySelector('#model').options.length")
                            .asInt())
                    .isZero();

            browser.type("#token", TOKEN + PageUser.ENTER);
            browser.await("document.querySelector('#model').options.length > 0");
            user.choose(SegmentationContract.ROOT.resolve("src/samples/files/xray.png"));
            user.draw("mouse", 44, 42, 116, 158);
            user.awaitLabels(1);
        }
    }
}
