package org.medficientsam.function.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medficientsam.function.Door;
import org.medficientsam.function.SampleCase;

/** Two small objects far from each other in a large image, with as many closer looks as the setting allows. */
class WindowsIT {
    @ParameterizedTest
    @CsvSource({"16, 2", "1, 1", "0, 1"})
    void aLargeImageIsEncodedAsOftenAsTheSettingAllows(String windows, int encodes)
            throws IOException, InterruptedException {
        try (ServedJar jar = ServedJar.start("windows", Map.of("MEDFICIENTSAM_WINDOWS", windows))) {
            Door.Reply reply =
                    jar.door().segment(SampleCase.image(1800, 1600, 100, 100, 111, 111, 1600, 1400, 1611, 1411));

            assertThat(reply.json().path("slicesEncoded").asInt())
                    .as(reply.raw())
                    .isEqualTo(encodes);
        }
    }
}
