package org.medficientsam.function.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.SegmentationContract;
import org.medficientsam.function.rest.RestDoor;
import org.medficientsam.function.rest.ServedJar;
import org.medficientsam.function.service.MediaTypes;

/** The page of a service that works for somebody else. */
class WaitingIT {
    private static final double[] BOX = {8, 8, 50, 50};

    @Test
    void aBoxOnAPictureIsSaidToWaitForOthers(@TempDir Path folder) throws IOException, InterruptedException {
        Browser.assumeInstalled();
        try (ServedJar jar = ServedJar.start("page-waiting", Map.of("MEDFICIENTSAM_CONCURRENCY", "1"));
                PageUser user = new PageUser(jar.base(), folder)) {
            user.arrive(InBrowser.WIDE, 800);
            user.choose(SegmentationContract.ROOT.resolve("src/samples/files/xray.png"));
            CompletableFuture<?> others = HttpClient.newHttpClient()
                    .sendAsync(
                            jar.door()
                                    .request("v1/segmentations")
                                    .header("Content-Type", MediaTypes.NPZ)
                                    .POST(BodyPublishers.ofByteArray(longCase()))
                                    .build(),
                            BodyHandlers.discarding());
            while (RestDoor.text(jar.door().get("q/metrics")).contains("medficientsam_running 0.0")) Browser.pause(50);

            user.draw("mouse", 44, 42, 116, 158);

            user.browser.await("document.querySelector('#busy-text').textContent === 'Waiting for others to finish'");
            assertThat(others.isDone()).isFalse();
            others.cancel(true);
            user.awaitLabels(1);
        }
    }

    /** Takes minutes. */
    private static byte[] longCase() {
        return SampleCase.image(
                64,
                64,
                IntStream.range(0, 15_000)
                        .mapToObj(box -> Arrays.stream(BOX))
                        .flatMapToDouble(box -> box)
                        .toArray());
    }
}
