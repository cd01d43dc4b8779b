package org.medficientsam.eval.metric;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Scores the labels of one case, on all cores. */
final class LabelScorer {

    /** In units of the spacing: mm for a volume, pixels for a picture. Fixed by the challenge. */
    static final double TOLERANCE = 2.0;

    private static final int LABELS_SHOWN = 8;

    private final LabelArray truth;
    private final LabelArray prediction;
    private final VoxelSpacing spacing;
    private final MetricProtocol protocol;
    private final boolean contour;
    private final double[] areas;

    /**
     * @param truth D x H x W
     * @param prediction same shape as {@code truth}
     * @param volume whether it is a volume; a picture has D = 1, but a volume may too
     */
    LabelScorer(
            LabelArray truth, LabelArray prediction, boolean volume, VoxelSpacing spacing, MetricProtocol protocol) {
        if (!truth.sameShape(prediction)) {
            throw new IllegalArgumentException("truth and prediction differ in shape");
        }
        this.truth = truth;
        this.prediction = prediction;
        this.spacing = spacing;
        this.protocol = protocol;
        contour = protocol.outlinesPictures() && !volume;
        areas = SurfelTables.areas(spacing);
    }

    /** The case's figures and those of its labels, as the protocol wants them. */
    CaseScores.Scored score() {
        LabelBoxes inTruth = LabelBoxes.around(truth);
        LabelBoxes inPrediction = LabelBoxes.around(prediction);
        int highest = protocol.highestLabel(inTruth.highest(), inPrediction.highest());
        List<LabelScore> labels = IntStream.rangeClosed(1, highest)
                .parallel()
                .mapToObj(label -> Stream.of(inTruth.of(label), inPrediction.of(label))
                        .flatMap(Optional::stream)
                        .reduce(LabelBoxes.Extent::union)
                        .map(box -> score(label, box))
                        .orElseGet(() -> LabelScore.absent(label)))
                .toList();
        return protocol.summarise(labels).withWarnings(gaps(inTruth));
    }

    /** Labels are numbered 1 to K; others are compared by number alike, and one that is missing has no DSC. */
    private static List<String> gaps(LabelBoxes inTruth) {
        List<Integer> found = IntStream.rangeClosed(1, inTruth.highest())
                .filter(label -> inTruth.of(label).isPresent())
                .boxed()
                .toList();
        if (found.size() == inTruth.highest()) {
            return List.of();
        }
        String some = found.stream().limit(LABELS_SHOWN).map(String::valueOf).collect(Collectors.joining(", "));
        return List.of("labels of gts must be 1 to %d, got %s%s; they are compared by number with those of segs"
                .formatted(found.size(), some, found.size() > LABELS_SHOWN ? " ..." : ""));
    }

    private LabelScore score(int label, LabelBoxes.Extent box) {
        List<BitGrid> masks = Stream.of(truth, prediction)
                .parallel()
                .map(array -> array.mask(label, box))
                .toList();
        List<Surface> surfaces = masks.stream()
                .parallel()
                .map(contour ? Surface::contourOf : Surface::of)
                .toList();
        List<SurfaceAgreement> agreements = Stream.of(0, 1)
                .parallel()
                .map(side -> agreement(surfaces.get(side), surfaces.get(1 - side)))
                .toList();
        return new LabelScore(
                label,
                masks.get(0).count(),
                masks.get(1).count(),
                masks.get(0).countCommon(masks.get(1)),
                agreements.get(0),
                agreements.get(1));
    }

    private SurfaceAgreement agreement(Surface from, Surface to) {
        return protocol.measuresDistances()
                ? DistanceHistogram.between(from, to, spacing, areas).agreement(TOLERANCE)
                : SurfaceAgreement.of(from, Proximity.to(to.points(), TOLERANCE, spacing), areas);
    }
}
