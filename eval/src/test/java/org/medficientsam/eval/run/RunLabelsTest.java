package org.medficientsam.eval.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What runs are called that are alike in all but their folders. */
class RunLabelsTest {

    @Test
    void runsInFoldersOfOneNameAreToldApartByThoseAboveThem() {
        assertThat(labels("/exp1/run", "/exp2/run", "/exp3/run", "/exp2/other"))
                .containsExactly("ours", "ours (run)", "ours (exp3/run)", "ours (other)");
    }

    @Test
    void oneFolderGivenManyTimesIsNumbered() {
        assertThat(labels("/run", "/run", "/run")).containsExactly("ours", "ours (run)", "ours #2");
    }

    private static List<String> labels(String... folders) {
        List<Path> paths = Stream.of(folders).map(Path::of).toList();
        return RunLabels.of(paths.stream().map(unused -> info()).toList(), paths);
    }

    private static RunInfo info() {
        return new RunInfo(
                "ours",
                new RunInfo.DatasetInfo("set", "set", null, null, Map.of(), null, null),
                "cold:function.jar",
                null,
                null,
                1,
                null,
                "",
                new Machine("", 1, 1, ""),
                "",
                "",
                "",
                List.of(),
                "",
                null);
    }
}
