package org.medficientsam.function.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.InvalidCaseException;

class S3UriTest {
    @Test
    void keyIsTakenLiterally() {
        S3Uri uri = S3Uri.parse("s3", "s3://cases/a b/%2B+ü//x.npz");

        assertThat(uri.bucket()).isEqualTo("cases");
        assertThat(uri.key()).isEqualTo("a b/%2B+ü//x.npz");
        assertThat(uri.fileName()).isEqualTo("x.npz");
        assertThat(S3Uri.parse("s3", uri.toString())).isEqualTo(uri);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cases/x.npz",
                "s3:/cases/x.npz",
                "s3:///x.npz",
                "S3://cases/x.npz",
                "s3://Cases/x.npz",
                "s3://ca/../x",
                "s3://cases/./x",
                "s3://cases/a/.."
            })
    void anythingElseIsMalformed(String text) {
        assertThatThrownBy(() -> S3Uri.parse("input.s3", text))
                .isInstanceOf(InvalidCaseException.class)
                .hasMessageContaining("input.s3 must be s3://bucket/key, got");
    }

    @Test
    void bucketIsNoPrefixOfAnother() {
        S3Uri allowed = S3Uri.parse("allowed", "s3://cases");

        assertThat(S3Uri.parse("s3", "s3://cases/x").isUnder(allowed)).isTrue();
        assertThat(S3Uri.parse("s3", "s3://cases-of-others/x").isUnder(allowed)).isFalse();
        assertThat(S3Uri.parse("s3", "s3://cases/in/x").isUnder(S3Uri.parse("allowed", "s3://cases/in/")))
                .isTrue();
        assertThat(S3Uri.parse("s3", "s3://cases/inner").isUnder(S3Uri.parse("allowed", "s3://cases/in/")))
                .isFalse();
    }
}
