package org.medficientsam.function.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.medficientsam.segmenter.bundle.FileCheck;

/** Only what lies in Lambda's own package goes without a hash. */
class LambdaEnvironmentTest {
    private static final Map<String, String> LAMBDA = Map.of("LAMBDA_TASK_ROOT", "/var/task");

    @Test
    void bundlesOfThePackageAreNotHashedAgain() {
        assertThat(LambdaEnvironment.fileCheck(LAMBDA, Path.of("/var/task/models/bundles/l0")))
                .isEqualTo(FileCheck.SIZES);
    }

    @Test
    void bundlesFromElsewhereAre() {
        assertThat(LambdaEnvironment.fileCheck(LAMBDA, Path.of("/mnt/bundles/l0")))
                .isEqualTo(FileCheck.HASHES);
        assertThat(LambdaEnvironment.fileCheck(LAMBDA, Path.of("/var/task-2/models/bundles/l0")))
                .isEqualTo(FileCheck.HASHES);
        assertThat(LambdaEnvironment.fileCheck(LAMBDA, Path.of("/var/task/../mnt/l0")))
                .isEqualTo(FileCheck.HASHES);
        assertThat(LambdaEnvironment.fileCheck(Map.of(), Path.of("/var/task/models/bundles/l0")))
                .isEqualTo(FileCheck.HASHES);
    }
}
