package org.medficientsam.eval.metric;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Scores of the cases of a data set by one protocol, in the order of their names. */
public final class ScoreTable {

    private static final String LABEL_COLUMNS = "label,dsc,nsd,hd95,voxels_gt,voxels_seg,voxels_common,"
            + "surfels_gt,surfels_gt_within,area_gt,area_gt_within,"
            + "surfels_seg,surfels_seg_within,area_seg,area_seg_within";

    private final MetricProtocol protocol;
    private final SortedMap<String, CaseScores> cases;

    /** @param cases scores by file name */
    public ScoreTable(MetricProtocol protocol, SortedMap<String, CaseScores> cases) {
        this.protocol = protocol;
        this.cases = Collections.unmodifiableSortedMap(new TreeMap<>(cases));
    }

    /** What the scores were made by. */
    public MetricProtocol protocol() {
        return protocol;
    }

    /** Scores by file name. */
    public SortedMap<String, CaseScores> cases() {
        return cases;
    }

    /** Why cases failed, by file name. */
    public SortedMap<String, String> failures() {
        SortedMap<String, String> failures = new TreeMap<>();
        cases.forEach((name, scores) -> {
            if (scores instanceof CaseScores.Failed failed) {
                failures.put(name, failed.reason());
            }
        });
        return failures;
    }

    /** What must be known of figures that there are, by file name; several warnings of a case are one line. */
    public SortedMap<String, String> warnings() {
        SortedMap<String, String> warnings = new TreeMap<>();
        cases.forEach((name, scores) -> {
            if (scores instanceof CaseScores.Scored scored && !scored.warnings().isEmpty()) {
                warnings.put(name, String.join("; ", scored.warnings()));
            }
        });
        return warnings;
    }

    /** Mean over the cases where the figure is defined; NaN if it is nowhere. */
    public double mean(ToDoubleFunction<CaseScores> figure) {
        return PairwiseMean.of(cases.values().stream()
                .mapToDouble(figure)
                .filter(value -> !Double.isNaN(value))
                .toArray());
    }

    /**
     * A row per case. {@code cvpr24} writes the challenge's own table, columns case, dsc, nsd, to the byte; any other
     * protocol has more columns and its name in the last.
     */
    public void writeCases(Appendable csv) throws IOException {
        boolean challenge = protocol.writesChallengeTable();
        csv.append(challenge ? "case,dsc,nsd\n" : "case,dsc,nsd,hd95,labels_missed," + MetricProtocol.COLUMN + "\n");
        for (Map.Entry<String, CaseScores> row : cases.entrySet()) {
            CaseScores scores = row.getValue();
            List<String> cells =
                    new ArrayList<>(List.of(quoted(row.getKey()), fourPlaces(scores.dsc()), fourPlaces(scores.nsd())));
            if (!challenge) {
                cells.add(fourPlaces(scores.hd95()));
                cells.add(scores instanceof CaseScores.Scored scored ? Long.toString(scored.missedLabels()) : "");
                cells.add(protocol.toString());
            }
            writeRow(csv, cells);
        }
    }

    /** A row per label, counts and areas with it, in full precision; a case that failed or has no labels has one row. */
    public void writeLabels(Appendable csv) throws IOException {
        csv.append("case,protocol,status,error,").append(LABEL_COLUMNS).append('\n');
        for (Map.Entry<String, CaseScores> row : cases.entrySet()) {
            CaseScores scores = row.getValue();
            boolean failed = scores instanceof CaseScores.Failed;
            String status = failed ? "failed" : scores.labels().isEmpty() ? "no labels" : "scored";
            String error = scores instanceof CaseScores.Failed failure ? failure.reason() : "";
            List<String> aboutCase = List.of(quoted(row.getKey()), protocol.toString(), status, quoted(error));
            if (scores.labels().isEmpty()) {
                writeRow(csv, joined(aboutCase, Collections.nCopies(LABEL_COLUMNS.split(",").length, "")));
            }
            for (LabelScore label : scores.labels()) {
                writeRow(csv, joined(aboutCase, cells(label)));
            }
        }
    }

    private static List<String> cells(LabelScore label) {
        List<String> cells = new ArrayList<>(
                List.of(Integer.toString(label.label()), full(label.dsc()), full(label.nsd()), full(label.hd95())));
        for (long count : new long[] {label.truthVoxels(), label.predictionVoxels(), label.commonVoxels()}) {
            cells.add(Long.toString(count));
        }
        for (SurfaceAgreement side : List.of(label.truth(), label.prediction())) {
            cells.addAll(List.of(
                    Long.toString(side.points()),
                    Long.toString(side.pointsWithin()),
                    full(side.area()),
                    full(side.areaWithin())));
        }
        return cells;
    }

    private static List<String> joined(List<String> first, List<String> second) {
        List<String> cells = new ArrayList<>(first);
        cells.addAll(second);
        return cells;
    }

    private static void writeRow(Appendable csv, List<String> cells) throws IOException {
        csv.append(String.join(",", cells)).append('\n');
    }

    /** As RFC 4180 has it. */
    private static String quoted(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /**
     * Rounded as NumPy does, half to even after scaling, and spelt as Python does: 0.8124, 0.766, 1.0; NaN is an empty cell.
     * Goes by whole ten-thousandths, as Java would spell 0.0001 otherwise.
     */
    public static String fourPlaces(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return full(value);
        }
        BigDecimal places =
                BigDecimal.valueOf((long) Math.rint(value * 10_000), 4).stripTrailingZeros();
        return places.setScale(Math.max(1, places.scale())).toPlainString();
    }

    private static String full(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        return value == Double.POSITIVE_INFINITY ? "inf" : Double.toString(value);
    }
}
