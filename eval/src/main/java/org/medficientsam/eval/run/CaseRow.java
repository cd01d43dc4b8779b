package org.medficientsam.eval.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.medficientsam.eval.Csv;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.dataset.DatasetCase;
import org.medficientsam.eval.target.CaseOutcome;
import org.medficientsam.eval.target.CaseOutcome.Measures;

/**
 * A row of cases.csv.
 *
 * @param name the file name, with {@code .npz}, as in the challenge's own tables
 * @param dims voxels, e.g. 320x256 (height, width) or 32x176x176 (depth first); empty if the image could not be read
 * @param error empty unless failed
 */
public record CaseRow(
        String name,
        Modality modality,
        String dims,
        boolean ok,
        double seconds,
        int attempts,
        Measures measures,
        long bytesIn,
        long bytesOut,
        String error) {

    static final List<String> STAGES = List.of("read", "resize", "encode", "decode", "mask", "write");
    /** The header of cases.csv. */
    public static final List<String> COLUMNS = columns();

    private static final String NOT_STORED = "not stored: ";

    static CaseRow of(DatasetCase sent, String dims, long bytesIn, CaseOutcome outcome) {
        boolean ok = outcome instanceof CaseOutcome.Segmented;
        return new CaseRow(
                sent.name(),
                sent.modality(),
                dims,
                ok,
                outcome.seconds(),
                outcome.attempts(),
                outcome instanceof CaseOutcome.Segmented segmented ? segmented.measures() : Measures.NONE,
                bytesIn,
                outcome instanceof CaseOutcome.Segmented segmented ? segmented.segs().length : 0,
                outcome instanceof CaseOutcome.Failed failed ? failed.reason() : "");
    }

    /** The same case, answered but lost on the way to the disk. */
    CaseRow notStored(String why) {
        return new CaseRow(
                name, modality, dims, false, seconds, attempts, measures, bytesIn, bytesOut, NOT_STORED + why);
    }

    /** The same case, segmented, but with a score of zero, as nothing could be compared. */
    public CaseRow notScored(String why) {
        return new CaseRow(
                name, modality, dims, false, seconds, attempts, measures, bytesIn, bytesOut, "not scored: " + why);
    }

    /** Whether the function has had its say; otherwise a resumed run tries again. */
    boolean isFinal() {
        return !error.startsWith(NOT_STORED);
    }

    /** Whether the case is a volume: by its axes, or, where it could not be read, by its name. */
    public boolean isVolume() {
        return dims.isEmpty() ? name.startsWith("3D") : dims.split("x").length == 3;
    }

    private static List<String> columns() {
        List<String> columns = new ArrayList<>(List.of("case", "modality", "dims", "status", "seconds", "attempts"));
        STAGES.forEach(stage -> columns.add(stage + "_ms"));
        columns.addAll(List.of("slices", "boxes", "peak_rss_bytes", "bytes_in", "bytes_out", "error"));
        return List.copyOf(columns);
    }

    /** The row as a line of cases.csv. */
    public String csv() {
        List<String> cells = new ArrayList<>(List.of(
                name, modality.label(), dims, ok ? "ok" : "failed", decimal(seconds), Integer.toString(attempts)));
        for (String stage : STAGES) {
            Double ms = measures.stagesMs().get(stage);
            cells.add(ms == null ? "" : decimal(ms));
        }
        for (OptionalLong count : List.of(measures.slices(), measures.boxes(), measures.peakRssBytes())) {
            cells.add(count.isPresent() ? Long.toString(count.getAsLong()) : "");
        }
        cells.addAll(List.of(
                Long.toString(bytesIn), Long.toString(bytesOut), error.strip().replaceAll("\\s+", " ")));
        return Csv.line(cells);
    }

    /** @throws IllegalArgumentException if it is no such row */
    static CaseRow parse(List<String> cells) {
        if (cells.size() != COLUMNS.size()) {
            throw new IllegalArgumentException(
                    "a row of cases.csv must have %d cells, got %d".formatted(COLUMNS.size(), cells.size()));
        }
        Map<String, String> row = new HashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            row.put(COLUMNS.get(i), cells.get(i));
        }
        Map<String, Double> stages = new TreeMap<>();
        for (String stage : STAGES) {
            String cell = cell(row, stage + "_ms");
            if (!cell.isEmpty()) {
                stages.put(stage, Double.valueOf(cell));
            }
        }
        return new CaseRow(
                cell(row, "case"),
                Modality.named(cell(row, "modality")),
                cell(row, "dims"),
                cell(row, "status").equals("ok"),
                Double.parseDouble(cell(row, "seconds")),
                Integer.parseInt(cell(row, "attempts")),
                new Measures(stages, count(row, "slices"), count(row, "boxes"), count(row, "peak_rss_bytes")),
                Long.parseLong(cell(row, "bytes_in")),
                Long.parseLong(cell(row, "bytes_out")),
                cell(row, "error"));
    }

    private static String cell(Map<String, String> row, String column) {
        return row.getOrDefault(column, "");
    }

    private static OptionalLong count(Map<String, String> row, String column) {
        String cell = cell(row, column);
        return cell.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(cell));
    }

    private static String decimal(double value) {
        return Double.toString(Math.rint(value * 1000) / 1000);
    }
}
