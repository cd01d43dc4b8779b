package org.medficientsam.eval.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RankStabilityTest {

    @Test
    void aMethodThatIsBetterOnEveryCaseIsFirstInEveryResample() {
        RankStability stability = RankStability.of(
                List.of(
                        List.of(Stratum.of(0.5, 0.6), Stratum.of(0.7, 0.1, 0.4)),
                        List.of(Stratum.of(0.9, 0.7), Stratum.of(0.8, 0.2, 0.5)),
                        List.of(Stratum.of(0.1, 0.2), Stratum.of(0.3, 0.0, 0.1))),
                1);

        assertThat(stability.rank()).containsExactly(2, 1, 3);
        assertThat(stability.shares())
                .containsExactly(List.of(0.0, 1.0, 0.0), List.of(1.0, 0.0, 0.0), List.of(0.0, 0.0, 1.0));
    }

    /** One of two is 0.1 better on one case and 0.1 worse on another: by resampling two cases 1/4, 1/2 equal, 1/4. */
    @Test
    void methodsThatTakeTurnsShareTheFirstRank() {
        RankStability stability =
                RankStability.of(List.of(List.of(Stratum.of(0.6, 0.5)), List.of(Stratum.of(0.5, 0.6))), 1);

        assertThat(stability.rank()).containsExactly(1, 1);
        assertThat(stability.shares().get(0).get(0)).isCloseTo(0.75, within(0.05));
        assertThat(stability.shares().get(1).get(0)).isCloseTo(0.75, within(0.05));
    }

    @Test
    void casesMustBeTheSame() {
        assertThatThrownBy(() -> RankStability.of(
                        List.of(List.of(Stratum.of(new double[2])), List.of(Stratum.of(new double[3]))), 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
