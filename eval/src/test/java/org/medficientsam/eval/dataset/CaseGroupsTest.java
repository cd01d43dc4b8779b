package org.medficientsam.eval.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.eval.SmallDataset;

class CaseGroupsTest {

    @TempDir
    private Path temp = Path.of("");

    @Test
    void casesInWhichThePatternFindsTheSameTextAreOfOneGroup() {
        CaseGroups groups = CaseGroups.by("STS_\\d+");

        assertThat(groups.of("3D_CT_STS_010.npz")).isEqualTo(groups.of("3D_MR_STS_010.npz"));
        assertThat(groups.of("3D_CT_STS_010.npz")).isNotEqualTo(groups.of("3D_CT_STS_011.npz"));
        assertThat(groups.of("3D_CT_other.npz")).isEqualTo("3D_CT_other.npz");
    }

    @Test
    void ofAPatternWithABracketTheBracketCounts() {
        CaseGroups groups = CaseGroups.by("patient(\\d+)_frame\\d+");

        assertThat(groups.of("3D_MR_patient075_frame02.npz")).isEqualTo("075");
        assertThat(groups.of("3D_MR_patient075_frame11.npz")).isEqualTo("075");
        assertThat(CaseGroups.NONE.of("3D_MR_patient075_frame11.npz")).isEqualTo("3D_MR_patient075_frame11.npz");
    }

    @Test
    void whatIsNoPatternIsRefusedWithItsLine() throws IOException {
        assertThatThrownBy(() -> CaseGroups.by("("))
                .hasMessageStartingWith("group must be a regular expression, got '('");
        Path catalogue = catalogue("(");
        assertThatThrownBy(() -> DatasetCatalog.read(catalogue))
                .hasMessage("datasets.yaml:6: datasets.mine.group must be a regular expression, got '('");
    }

    @Test
    void aDataSetSaysWhichOfItsCasesBelongTogether() throws IOException {
        new SmallDataset(temp.resolve("data")).images(2);
        Dataset dataset = DatasetCatalog.resolve("mine", catalogue("US_\\d"), temp, warning -> {});

        assertThat(dataset.groups().of("2D_US_000.npz"))
                .isEqualTo(dataset.groups().of("2D_US_001.npz"));
    }

    private Path catalogue(String group) throws IOException {
        return Files.writeString(temp.resolve("datasets.yaml"), """
                datasets:
                  mine:
                    title: Mine
                    layout: challenge
                    path: data
                    group: '%s'
                    licence: none
                """.formatted(group));
    }
}
