package org.medficientsam.eval.metric;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What exactly DSC and NSD mean. Figures of different protocols do not compare, so every table says which one it used.
 *
 * <p>Both take 2.0 as the tolerance of NSD, in mm for volumes and in pixels for pictures; a case is a volume by the shape
 * of its labels, whatever its name. Both take the border of the image for a surface.
 */
public enum MetricProtocol {
    /**
     * As the CVPR 2024 challenge computes its tables.
     *
     * <ul>
     *   <li>Labels 1 to the largest in the ground truth; what is predicted beyond it is not seen. A label between them that
     *       neither side has makes DSC NaN.
     *   <li>NSD is computed only if the mean DSC is above 0.2, otherwise it is 0; also where DSC is NaN.
     *   <li>A picture is a slab one voxel thick whose flat faces count as surface. Its NSD is closer to a Dice with two
     *       pixels of tolerance than to an agreement of outlines.
     *   <li>The stored spacing applies to the array axes in the order stored, x, y, z, though the axes are z, y, x.
     * </ul>
     *
     * @see <a href="https://github.com/bowang-lab/MedSAM/tree/LiteMedSAM/evaluation">MedSAM, LiteMedSAM/evaluation</a>
     */
    CVPR24(
            "cvpr24",
            "DSC and NSD (2 mm in volumes, 2 pixels in images) as the CVPR 2024 challenge computes them; the stored spacing x, y, z is"
                    + " applied to the axes z, y, x, as there") {
        @Override
        int highestLabel(int inTruth, int inPrediction) {
            return inTruth;
        }

        @Override
        VoxelSpacing volumeSpacing(double x, double y, double z) {
            return new VoxelSpacing(x, y, z);
        }

        @Override
        CaseScores.Scored summarise(List<LabelScore> labels) {
            double dsc = mean(labels, LabelScore::dsc);
            double nsd = dsc > GATE ? mean(labels, LabelScore::nsd) : 0.0;
            return new CaseScores.Scored(dsc, nsd, Double.NaN, labels, List.of());
        }
    },

    /**
     * What a clinician would expect.
     *
     * <ul>
     *   <li>All labels that either side has; a label that only the prediction has scores 0, one that neither has is no label.
     *   <li>NSD whatever DSC is. NaN, both of them, where neither side has any label.
     *   <li>A picture's surface is its outline, weighted by length.
     *   <li>The stored spacing x, y, z belongs to the array axes 2, 1, 0.
     *   <li>HD95 too, over the labels that both sides have; how many only one side has is counted beside it.
     * </ul>
     */
    CONTOUR(
            "contour",
            "DSC, and NSD (2 mm in volumes, 2 pixels in images) of outlines; the stored spacing x, y, z belongs to the axes x, y, z") {
        @Override
        int highestLabel(int inTruth, int inPrediction) {
            return Math.max(inTruth, inPrediction);
        }

        @Override
        VoxelSpacing volumeSpacing(double x, double y, double z) {
            return new VoxelSpacing(z, y, x);
        }

        @Override
        CaseScores.Scored summarise(List<LabelScore> labels) {
            List<LabelScore> present =
                    labels.stream().filter(label -> !label.isAbsent()).toList();
            List<LabelScore> found =
                    present.stream().filter(label -> !label.isMissed()).toList();
            return new CaseScores.Scored(
                    mean(present, LabelScore::dsc),
                    mean(present, LabelScore::nsd),
                    mean(found, LabelScore::hd95),
                    present,
                    List.of());
        }
    };

    /** Of a table of cases. */
    static final String COLUMN = "protocol";

    private static final double GATE = 0.2;

    private final String id;
    private final String meaning;

    MetricProtocol(String id, String meaning) {
        this.id = id;
        this.meaning = meaning;
    }

    /** What a report says below figures of that name, which may be of a protocol that is not known here. */
    public static String describe(String id) {
        return Stream.of(values())
                .filter(protocol -> protocol.id.equals(id))
                .findFirst()
                .map(protocol -> "Scores %s: %s.".formatted(id, protocol.meaning))
                .orElseGet(() -> "Scores: %s.".formatted(id));
    }

    /**
     * The protocol of a table of cases, by its header and its first row.
     *
     * @param cells of the first row; empty where there is none
     */
    public static String of(List<String> header, List<String> cells) {
        int column = header.indexOf(COLUMN);
        if (column < 0) return CVPR24.id;
        return cells.isEmpty() ? "unknown: no cases" : cells.get(column);
    }

    /** Whether a table of cases is the challenge's own, to the byte; that of any other protocol names it in a last column. */
    boolean writesChallengeTable() {
        return this == CVPR24;
    }

    /** The largest label that is scored. */
    abstract int highestLabel(int inTruth, int inPrediction);

    /** Which stored number belongs to which array axis. */
    abstract VoxelSpacing volumeSpacing(double x, double y, double z);

    /** The case's figures from those of its labels, 1 to the highest. */
    abstract CaseScores.Scored summarise(List<LabelScore> labels);

    /** Whether a picture's surface is its outline, or the faces of a slab. */
    boolean outlinesPictures() {
        return this == CONTOUR;
    }

    boolean measuresDistances() {
        return this == CONTOUR;
    }

    /** As written on the command line and in tables. */
    @Override
    public String toString() {
        return id;
    }

    private static double mean(List<LabelScore> labels, ToDoubleFunction<LabelScore> figure) {
        return PairwiseMean.of(labels.stream().mapToDouble(figure).toArray());
    }
}
