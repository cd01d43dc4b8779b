package org.medficientsam.eval.report.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.metric.ExpectedScores;

class ModalityMeansTest {

    static Stream<Arguments> publishedColumns() throws IOException {
        Map<String, Map<String, Double>> columns = new LinkedHashMap<>();
        Path csv = ExpectedScores.resource("org/medficientsam/eval/report/table/published/modalities.csv");
        List<String> lines = Files.readAllLines(csv);
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            columns.computeIfAbsent(cells[1] + " " + cells[2], unused -> new LinkedHashMap<>())
                    .put(cells[0], Double.parseDouble(cells[3]));
        }
        assertThat(columns).hasSize(14);
        return columns.entrySet().stream().map(column -> Arguments.of(column.getKey(), column.getValue()));
    }

    /** Nine means rounded to 0.01 and a result rounded likewise: off by up to 0.01, in fact by 0.006. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("publishedColumns")
    void publishedAveragesAreUnweightedMeansOfTheirRows(String column, Map<String, Double> percent) {
        List<Double> means = Modality.CHALLENGE.stream()
                .map(modality -> percent.getOrDefault(modality.label(), Double.NaN))
                .toList();

        assertThat(ModalityMeans.average(means)).isCloseTo(percent.getOrDefault("Average", -1.0), within(0.006));
    }

    @Test
    void averageWeighsModalitiesAlikeWhateverTheirCases() {
        ModalityMeans means = ModalityMeans.of(Map.of(
                "3D_CT_001.npz", 0.9,
                "3D_CT_002.npz", 0.8,
                "3D_CT_003.npz", 0.7,
                "2D_XRay_001.npz", 0.2,
                "2D_X-Ray_002.npz", 0.4));

        assertThat(means.mean(Modality.CT)).isCloseTo(0.8, within(1e-15));
        assertThat(means.mean(Modality.XRAY)).isCloseTo(0.3, within(1e-15));
        assertThat(means.average()).isCloseTo(0.55, within(1e-15));
        assertThat(means.modalitiesInAverage()).isEqualTo(2);
        assertThat(means.mean(Modality.PET)).isNaN();
        assertThat(means.interval(Modality.PET)).isEmpty();
        assertThat(means.averageInterval()).isPresent();
    }

    @Test
    void otherModalitiesHaveMeansButNoPartInTheAverage() {
        ModalityMeans means = ModalityMeans.of(Map.of("2D_US_1.npz", 0.6, "2D_OCT_1.npz", 0.1));

        assertThat(means.mean(Modality.named("OCT"))).isEqualTo(0.1);
        assertThat(means.average()).isEqualTo(0.6);
    }

    @Test
    void undefinedFiguresAreLeftOutAndFailuresCountAsZero() {
        ModalityMeans means =
                ModalityMeans.of(Map.of("2D_US_1.npz", 0.6, "2D_US_2.npz", Double.NaN, "2D_US_3.npz", 0.0));

        assertThat(means.count(Modality.US)).isEqualTo(2);
        assertThat(means.mean(Modality.US)).isEqualTo(0.3);
        assertThat(ModalityMeans.of(Map.of()).average()).isNaN();
    }
}
