package org.medficientsam.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The derived areas against those that the reference makes of its list of triangles. */
class SurfelTablesGoldenTest {

    static Stream<Json> tables() {
        Path file = ExpectedScores.resource("golden/metrics/surfel-areas.json");
        return Json.read(file).get("tables").list().stream();
    }

    @ParameterizedTest
    @MethodSource("tables")
    void areasOfAllCodesAgree(Json table) {
        List<Json> spacing = table.get("spacing").list();
        List<Json> expected = table.get("area").list();

        double[] areas = SurfelTables.areas(new VoxelSpacing(
                spacing.get(0).number(), spacing.get(1).number(), spacing.get(2).number()));

        assertThat(expected).hasSize(SurfelTables.CODES);
        for (int code = 0; code < SurfelTables.CODES; code++) {
            double area = expected.get(code).number();
            assertThat(areas[code]).as("code " + code).isCloseTo(area, within(1e-15 * Math.max(1, area)));
        }
    }
}
