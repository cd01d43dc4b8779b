package org.medficientsam.eval.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Cases of one patient are alike. Simulated on patients with 1 to 8 cases each, whose scores differ more between patients than
 * within one: taken as one, intervals cover and tests keep their level; taken case by case they do not.
 */
class GroupedCasesTest {

    private static final int TRIALS = 400;

    /** @param patients of one modality, or of each of three, in all of which a patient is as good or as bad */
    @ParameterizedTest(name = "{0} patients, {1} modalities: from {2} on; case by case below {3}")
    @CsvSource({"10, 1, 0.88, 0.80", "30, 1, 0.91, 0.80", "12, 3, 0.88, 0.70"})
    void intervalsCoverIfPatientsAreResampled(int patients, int modalities, double atLeast, double caseByCase) {
        Well19937c random = new Well19937c(20261127);
        BetaDistribution of = new BetaDistribution(random, 9, 1.5);
        double truth = of.getNumericalMean();
        double grouped = 0;
        double single = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            List<Stratum> strata = patients(patients, modalities, random, of::sample);
            grouped += covers(strata, trial, truth) ? 1.0 / TRIALS : 0;
            single +=
                    covers(strata.stream().map(s -> Stratum.of(s.values())).toList(), trial, truth) ? 1.0 / TRIALS : 0;
        }
        assertThat(grouped).as("coverage by patients").isBetween(atLeast, 0.985);
        assertThat(single).as("coverage case by case").isLessThan(caseByCase);
    }

    @ParameterizedTest(name = "{0} patients, {1} modalities")
    @CsvSource({"10, 1", "30, 1", "12, 3"})
    void alikeRunsAreCalledDifferentInFivePercentOfTrialsIfPatientsAreSwapped(int patients, int modalities) {
        Well19937c random = new Well19937c(42);
        double grouped = 0;
        double single = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            List<Stratum> strata = patients(patients, modalities, random, () -> 0.02 * random.nextGaussian());
            grouped += separates(strata, trial) ? 1.0 / TRIALS : 0;
            single += separates(strata.stream().map(s -> Stratum.of(s.values())).toList(), trial) ? 1.0 / TRIALS : 0;
        }
        // The standard error of the share is 1.1 %.
        assertThat(grouped).isBetween(0.02, 0.085);
        assertThat(single).isGreaterThan(0.15);
    }

    private interface Draw {
        double next();
    }

    /** Scores near the patient's own level, which {@code level} draws. */
    private static List<Stratum> patients(int patients, int modalities, Well19937c random, Draw level) {
        double[] levels =
                IntStream.range(0, patients).mapToDouble(i -> level.next()).toArray();
        List<Stratum> strata = new ArrayList<>();
        for (int modality = 0; modality < modalities; modality++) {
            List<String> names = new ArrayList<>();
            List<Double> scores = new ArrayList<>();
            for (int patient = 0; patient < patients; patient++) {
                for (int i = random.nextInt(8); i >= 0; i--) {
                    names.add("patient" + patient);
                    scores.add(levels[patient] + 0.005 * random.nextGaussian());
                }
            }
            strata.add(Stratum.of(scores.stream().mapToDouble(x -> x).toArray(), names));
        }
        return strata;
    }

    private static boolean covers(List<Stratum> strata, long seed, double truth) {
        BootstrapInterval interval = BootstrapInterval.ofAverage(strata, seed).orElseThrow();
        return interval.low() <= truth && truth <= interval.high();
    }

    private static boolean separates(List<Stratum> strata, long seed) {
        return PermutationTest.of(strata, seed).pValue() < PermutationTest.SIGNIFICANCE;
    }

    @Test
    void groupsOfOneCaseChangeNothing() {
        Stratum plain = Stratum.of(0.9, 0.7, 0.85, 0.6, 0.95, 0.8);
        Stratum named = Stratum.of(plain.values(), List.of("a", "b", "c", "d", "e", "f"));

        assertThat(BootstrapInterval.ofMean(named, 3)).isEqualTo(BootstrapInterval.ofMean(plain, 3));
        assertThat(PermutationTest.of(List.of(named), 3)).isEqualTo(PermutationTest.of(List.of(plain), 3));
        assertThat(RankStability.of(List.of(List.of(named), List.of(plain)), 3))
                .isEqualTo(RankStability.of(List.of(List.of(plain), List.of(plain)), 3));
    }

    /** Six equal copies of each case tell no more than the case: by hand, 2 of the 4 patterns of two signs are as extreme. */
    @Test
    void copiesOfACaseTellNoMoreThanTheCase() {
        double[] once = {0.1, 0.3};
        double[] copies = new double[12];
        Arrays.setAll(copies, i -> once[i / 6]);
        List<String> names =
                IntStream.range(0, 12).mapToObj(i -> "patient" + i / 6).toList();
        PermutationTest test = PermutationTest.of(List.of(Stratum.of(copies, names)), 1);

        assertThat(test.pValue()).isEqualTo(0.5);
        assertThat(test.difference()).isCloseTo(0.2, within(1e-12));
        assertThat(test.pairs()).isEqualTo(12);
        assertThat(test.swapped()).isEqualTo(2);
        assertThat(BootstrapInterval.ofMean(Stratum.of(copies, names), 1))
                .as("of two patients")
                .isEmpty();
    }

    /** By hand: a patient in two modalities has one sign, so of 2 x 2 patterns (patient, other case) two are as extreme. */
    @Test
    void aPatientInTwoModalitiesIsSwappedInBoth() {
        PermutationTest test = PermutationTest.of(
                List.of(
                        Stratum.of(new double[] {0.2}, List.of("patient")),
                        Stratum.of(new double[] {0.4, 0.4}, List.of("patient", "other"))),
                1);

        assertThat(test.pValue()).isEqualTo(0.5);
        assertThat(test.swapped()).isEqualTo(2);
    }

    @Test
    void thereIsOneGroupNamePerValue() {
        assertThatThrownBy(() -> Stratum.of(new double[] {1, 2}, List.of("a")))
                .hasMessage("groups must name 2 values, got 1");
    }
}
