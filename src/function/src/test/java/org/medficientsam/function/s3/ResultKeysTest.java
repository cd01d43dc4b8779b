package org.medficientsam.function.s3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultKeysTest {
    private static final S3Uri PREFIX = S3Uri.parse("s3", "s3://results/segs/");
    private static final String MODEL = "0123456789abcdef".repeat(4);

    @Test
    void sameCaseModelContentAndRulesGiveTheSameKeys() {
        ResultKeys keys = keys("2D_US.npz", MODEL, "etag", "medficientsam");

        assertThat(keys).isEqualTo(keys("2D_US.npz", MODEL, "etag", "medficientsam"));
        assertThat(keys.segs().toString()).matches("s3://results/segs/2D_US\\.0123456789ab\\.[0-9a-f]{12}\\.npz");
        assertThat(keys.result().toString()).isEqualTo(keys.segs().toString().replace(".npz", ".json"));
    }

    @Test
    void anotherModelContentOrRuleGivesOtherKeys() {
        assertThat(new ResultKeys[] {
                    keys("a.npz", MODEL, "etag", "medficientsam"),
                    keys("a.npz", "f" + MODEL.substring(1), "etag", "medficientsam"),
                    keys("a.npz", MODEL, "other", "medficientsam"),
                    keys("a.npz", MODEL, "etag", "litemedsam")
                })
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../x.npz", "a/b.npz", "...", ".npz", "a\nb", "\\x"})
    void nameCannotLeaveThePrefix(String name) {
        String key = keys(name, MODEL, "etag", "medficientsam").segs().key();

        assertThat(key).matches("segs/[^/\\\\\\p{Cntrl}]*\\.0123456789ab\\.[0-9a-f]{12}\\.npz");
    }

    private static ResultKeys keys(String name, String model, String identity, String rules) {
        return ResultKeys.of(PREFIX, name, model, identity, rules);
    }
}
