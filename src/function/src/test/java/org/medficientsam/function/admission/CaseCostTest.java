package org.medficientsam.function.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.answer.OverlayForm;

class CaseCostTest {
    private static final CostLimits LIMITS = new CostLimits(8192, 20_000, 512 << 20, Duration.ofMinutes(10));
    private static final Limits NPZ = Limits.DEFAULT;

    @Test
    void slicesUnderSeveralBoxesAreEncodedOnceAndDecodedForEach() {
        byte[] volume = SampleCase.flatVolume(16, 16, 9, 1, 1, 0, 9, 9, 2, 1, 1, 1, 9, 9, 3, 1, 1, 7, 9, 9, 99);

        CaseCost cost = cost(volume);
        assertThat(cost.slices()).isEqualTo(4 + 2);
        assertThat(cost.decodes()).isEqualTo(3 + 3 + 2);
    }

    @Test
    void imageIsEncodedOnce() {
        CaseCost cost = cost(SampleCase.image(64, 48, 1, 1, 9, 9, 3, 3, 20, 20));

        assertThat(cost.slices()).isOne();
        assertThat(cost.decodes()).isEqualTo(2);
        assertThat(cost(SampleCase.image(64, 48)).slices()).as("without boxes").isZero();
    }

    @Test
    void smallObjectsOfAnImageMayBeLookedAtOnceEachAndThoseOfAVolumeNever() {
        assertThat(cost(SampleCase.image(64, 48, 1, 1, 9, 9, 3, 3, 20, 20)).windows())
                .isEqualTo(2);
        assertThat(cost(SampleCase.image(64, 48, manyBoxes(40))).windows()).isEqualTo(16);
        assertThat(cost(SampleCase.volume()).windows()).isZero();
    }

    private static double[] manyBoxes(int boxes) {
        return IntStream.range(0, boxes)
                .boxed()
                .flatMapToDouble(i -> DoubleStream.of(i, 1, i + 3, 4))
                .toArray();
    }

    @Test
    void pictureCostsItsPixels() {
        byte[] npz = SampleCase.image(64, 48, 1, 1, 9, 9);

        assertThat(new OverlayForm().heapBytes(CaseNpz.header(npz, NPZ))).isGreaterThan(3 * 2048 * 2048 * 4);
    }

    /** Small files that ask for much. */
    @Timeout(10)
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            H1_65535_boxes_64x64; INVALID_PROMPT; boxes must be at most 20000 to decode, counted once per slice, got 65535
            H2_volume_2M_slices_1x1; INVALID_PROMPT; boxes must be at most 20000 to decode, counted once per slice, got 2000000
            H3c_volume_20M_slices_1_box; INVALID_PROMPT; boxes must be at most 20000 to decode, counted once per slice, got 20000000
            H6_volume_50k_slices_65535_boxes; INVALID_PROMPT; boxes must be at most 20000 to decode, counted once per slice, got
            H4_image_268M_tall_1_wide; TOO_LARGE; imgs must be a case that needs at most 512 MiB of memory, got one that needs""")
    void smallFilesThatAskForMuchAreRefusedByTheirHeader(String name, Reason reason, String message) {
        assertThatThrownBy(() -> LIMITS.check(cost(budget(name))))
                .isInstanceOfSatisfying(
                        InvalidCaseException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(message);
    }

    @Test
    void anOrdinaryCaseIsWithinTheLimits() {
        assertThatCode(() -> LIMITS.check(cost(SampleCase.volume()))).doesNotThrowAnyException();
        assertThatCode(() -> LIMITS.check(599_000)).doesNotThrowAnyException();
        assertThatThrownBy(() -> LIMITS.check(601_000))
                .hasMessage("boxes must be a case of at most 600 s, got one of at least 601 s");
    }

    private static CaseCost cost(byte[] npz) {
        return CaseCost.of(CaseNpz.header(npz, NPZ), npz.length, 2, 16);
    }

    private static byte[] budget(String name) {
        try {
            return Files.readAllBytes(Path.of("src/test/resources/budget", name + ".npz"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
