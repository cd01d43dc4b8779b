package org.medficientsam.eval.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;

class PermutationTestTest {

    @Test
    void fewPairsAreTestedExactly() {
        // Of the 16 patterns of signs only + + + + and - - - - reach a mean of 2.5.
        PermutationTest test = PermutationTest.of(List.of(Stratum.of(1, 2, 3, 4)), 0);

        assertThat(test).isEqualTo(new PermutationTest(2.5, 2.0 / 16, 4, 4));
        assertThat(test.verdict()).hasToString("not separable");
    }

    /** scipy 1.17.1, stats.permutation_test((x,), mean, permutation_type="samples", exact). */
    @Test
    void exactTestAgreesWithScipy() {
        double[] differences = {0.021, -0.004, 0.013, 0.030, 0.008, -0.011, 0.017, 0.025, 0.002, 0.019};

        assertThat(PermutationTest.of(List.of(Stratum.of(differences)), 0).pValue())
                .isCloseTo(0.025390625, within(1e-12));
    }

    @Test
    void manyPairsAgreeWithTheExactTestWithinTheErrorOfDrawing() {
        double[] fourteen = {0.5, -0.3, 0.8, 0.2, -0.6, 0.9, 0.1, -0.2, 0.4, 0.7, -0.5, 0.3, 0.6, -0.1};
        double exact = PermutationTest.of(List.of(Stratum.of(fourteen)), 0).pValue();

        // Pairs that do not differ change no pattern's sum.
        double[] padded = DoubleStream.concat(DoubleStream.of(fourteen), DoubleStream.of(0, 0))
                .toArray();
        double drawn = PermutationTest.of(List.of(Stratum.of(padded)), 1).pValue();

        assertThat(drawn).isCloseTo(exact, within(4 * Math.sqrt(exact * (1 - exact) / 10_000)));
    }

    @Test
    void differenceIsTheUnweightedMeanOverModalities() {
        PermutationTest test =
                PermutationTest.of(List.of(Stratum.of(0.1, 0.1, 0.1, 0.1), Stratum.of(-0.3), Stratum.of()), 0);

        assertThat(test.difference()).isCloseTo(-0.1, within(1e-15));
        assertThat(test.pairs()).isEqualTo(5);
    }

    @Test
    void clearDifferencesAreBetterOneWayAndWorseTheOther() {
        double[] gains = DoubleStream.iterate(0.01, x -> x + 0.001).limit(40).toArray();
        double[] losses = DoubleStream.of(gains).map(x -> -x).toArray();

        assertThat(PermutationTest.of(List.of(Stratum.of(gains)), 1).verdict()).hasToString("better");
        assertThat(PermutationTest.of(List.of(Stratum.of(losses)), 1).verdict()).hasToString("worse");
        assertThat(PermutationTest.of(List.of(Stratum.of(gains)), 1).pValue()).isEqualTo(1.0 / 10_001);
    }

    @Test
    void equalRunsAreNotSeparable() {
        PermutationTest test = PermutationTest.of(List.of(Stratum.of(new double[30])), 1);

        assertThat(test.pValue()).isEqualTo(1);
        assertThat(test.verdict()).isEqualTo(PermutationTest.Verdict.NOT_SEPARABLE);
        assertThat(PermutationTest.of(List.of(), 1).verdict()).isEqualTo(PermutationTest.Verdict.NOT_SEPARABLE);
    }

    @Test
    void alikeRunsAreCalledDifferentInFivePercentOfTrials() {
        long seed = 42;
        Well19937c random = new Well19937c(seed);
        int trials = 1000;
        int separated = 0;
        for (int trial = 0; trial < trials; trial++) {
            double[] noise =
                    DoubleStream.generate(random::nextGaussian).limit(20).toArray();
            if (PermutationTest.of(List.of(Stratum.of(noise)), trial).verdict()
                    != PermutationTest.Verdict.NOT_SEPARABLE) {
                separated++;
            }
        }
        // The standard error of the share is 0.7 %.
        assertThat(100.0 * separated / trials).as("%% separated, seed %d", seed).isBetween(3.0, 7.0);
    }
}
