package org.medficientsam.segmenter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.casefile.npz.LabelMapNpz;
import org.medficientsam.casefile.npz.Npz;

/**
 * The whole way against a Python pipeline with the same bundle (src/test/python/mask_golden.py): labels are equal except where
 * Python itself says that a logit is within 1e-4 of the threshold, and IoU per label is at least 0.9999.
 */
class MaskGoldenTest {
    private static final List<String> CASES = List.of(
            "rgb_200x300", "grey_301x257", "rgb_90x64", "grey_512x512", "grey_480x640", "grey_9x96x80", "rgb_6x70x110");

    @AutoClose
    private static final Segmenter SEGMENTER = Segmenter.open(Scenes.NANO, SegmenterOptions.threads(2));

    /** The rules that others published, and that a second program can therefore check. */
    private static final List<String> PUBLISHED = List.of("medficientsam", "medficientsam-original", "litemedsam");

    static List<Arguments> casesAndRules() {
        List<Arguments> all = new ArrayList<>();
        for (String name : CASES) for (String rules : PUBLISHED) all.add(Arguments.of(name, rules));
        return all;
    }

    @ParameterizedTest
    @MethodSource("casesAndRules")
    void masksEqualPythons(String name, String rules) throws IOException {
        Npz golden;
        try (var stream = MaskGoldenTest.class.getResourceAsStream("golden/" + name + ".npz")) {
            golden = Npz.read(java.util.Objects.requireNonNull(stream), Limits.DEFAULT);
        }
        LabelMap expected = LabelMapNpz.from(golden.get("segs." + rules));
        int[] unsure = golden.get("unsure." + rules).toInts();

        Segmentation result =
                SEGMENTER.segment(CaseNpz.from(golden, Limits.DEFAULT), Rules.named(rules), Progress.NONE);

        LabelMap found = result.labels();
        long[] both = new long[result.objects().size() + 1];
        long[] either = new long[result.objects().size() + 1];
        int[] sure = new int[2]; // pixels that differ, of those the ones that must not
        for (int i = 0; i < unsure.length; i++) {
            int a = expected.labels()[i];
            int b = found.labels()[i];
            either[a]++;
            if (a == b) both[a]++;
            else {
                either[b]++;
                sure[0]++;
                if (unsure[i] == 0) sure[1]++;
            }
        }
        assertThat(sure[1])
                .as("differing pixels that Python is sure of, of %d", sure[0])
                .isZero();
        for (int label = 1; label < both.length; label++)
            if (either[label] > 0)
                assertThat(1.0 * both[label] / either[label])
                        .as("IoU of label %d", label)
                        .isGreaterThanOrEqualTo(0.9999);
    }
}
