package org.medficientsam.function.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.segmenter.bundle.FileCheck;

/** Lambda's own package: its bundles are the ones that are meant, and only they go without a hash. */
class LambdaEnvironmentTest {
    private static final Map<String, String> LAMBDA = Map.of("LAMBDA_TASK_ROOT", "/var/task");

    @Test
    void bundlesOfThePackageAreNotHashedAgain() {
        assertThat(LambdaEnvironment.fileCheck(LAMBDA, Path.of("/var/task/models/bundles/l0")))
                .isEqualTo(FileCheck.SIZES);
    }

    @Test
    void bundlesOfThePackageAreTheOnesThatAreMeant(@TempDir Path task) throws IOException {
        Map<String, String> environment = Map.of("LAMBDA_TASK_ROOT", task.toString());
        assertThat(LambdaEnvironment.settings(environment)).isEmpty();

        Path bundles = Files.createDirectories(task.resolve("models/bundles"));
        assertThat(LambdaEnvironment.settings(environment))
                .containsExactly(entry("medficientsam.bundles", bundles.toString()));
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
