package org.medficientsam.eval.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What scoring one case came to. A case that cannot be scored is a row like any other, and scores zero. */
public sealed interface CaseScores {

    /** In [0, 1], or NaN where the protocol leaves it undefined. */
    double dsc();

    /** In [0, 1], or NaN where the protocol leaves it undefined. */
    double nsd();

    /** 95th percentile of surface distance; NaN if the protocol has none. */
    double hd95();

    List<LabelScore> labels();

    /**
     * The same figures, with a warning where there are not as many boxes as labels: label i is what was found for box i, and a label
     * without a box cannot be found.
     *
     * @param boxes of the case's input; empty if not known
     */
    default CaseScores comparedWith(OptionalInt boxes) {
        return this;
    }

    /** @param warnings what a reader of the figures must know: labels with gaps, a spacing that is missing */
    record Scored(double dsc, double nsd, double hd95, List<LabelScore> labels, List<String> warnings)
            implements CaseScores {

        @Override
        public CaseScores comparedWith(OptionalInt boxes) {
            long inTruth =
                    labels.stream().filter(label -> label.truthVoxels() > 0).count();
            if (boxes.isEmpty() || boxes.getAsInt() == inTruth) {
                return this;
            }
            List<String> told = new ArrayList<>(warnings);
            told.add("boxes must be one per label of gts, %d, got %d".formatted(inTruth, boxes.getAsInt()));
            return withWarnings(told);
        }

        Scored withWarnings(List<String> told) {
            return new Scored(dsc, nsd, hd95, labels, told);
        }

        /** Without a spacing there are no distances. */
        Scored withoutDistances() {
            return new Scored(dsc, Double.NaN, Double.NaN, labels, warnings);
        }

        /** How many labels exactly one side has. */
        long missedLabels() {
            return labels.stream().filter(LabelScore::isMissed).count();
        }
    }

    /** @param reason one line for a reader: which file, what was expected and what found */
    record Failed(String reason) implements CaseScores {
        @Override
        public double dsc() {
            return 0;
        }

        @Override
        public double nsd() {
            return 0;
        }

        @Override
        public double hd95() {
            return Double.NaN;
        }

        @Override
        public List<LabelScore> labels() {
            return List.of();
        }
    }
}
