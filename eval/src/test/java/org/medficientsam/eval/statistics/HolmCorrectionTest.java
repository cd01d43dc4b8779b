package org.medficientsam.eval.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HolmCorrectionTest {

    /** By hand: 4 x 0.01, 3 x 0.02 and so on, never below the one before; R 4.3's p.adjust(p, "holm") says the same. */
    @Test
    void valuesAreMultipliedByTheTestsThatAreLeft() {
        assertThat(HolmCorrection.adjusted(0.03, 0.01, 0.04, 0.02)).containsExactly(0.06, 0.04, 0.06, 0.06);
        assertThat(HolmCorrection.adjusted(0.6, 0.5)).containsExactly(1, 1);
        assertThat(HolmCorrection.adjusted()).isEmpty();
    }
}
