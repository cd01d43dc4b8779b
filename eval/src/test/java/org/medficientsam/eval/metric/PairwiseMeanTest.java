package org.medficientsam.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairwiseMeanTest {

    /** numpy 2.4.6: mean([1/3, 1/4, ...]) of so many values; adding them up in turn gives other last digits. */
    @ParameterizedTest
    @CsvSource({
        "3, 0.26111111111111107",
        "7, 0.18985260770975057",
        "8, 0.17862103174603172",
        "13, 0.1398637687099225",
        "128, 0.030848369830202938",
        "129, 0.030668410279474697",
        "300, 0.01596432465904621",
        "1000, 0.0059874678655413615"
    })
    void meanIsNumpysToTheLastBit(int count, double expected) {
        double[] values =
                IntStream.range(0, count).mapToDouble(i -> 1.0 / (i + 3)).toArray();

        assertThat(PairwiseMean.of(values)).isEqualTo(expected);
    }

    @Test
    void meanOfNothingIsUndefinedAndOneUndefinedValueSpreads() {
        assertThat(PairwiseMean.of()).isNaN();
        assertThat(PairwiseMean.of(0.5, Double.NaN)).isNaN();
    }
}
