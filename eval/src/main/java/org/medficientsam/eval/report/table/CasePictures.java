package org.medficientsam.eval.report.table;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.casefile.npz.LabelMapNpz;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.dataset.Dataset;
import org.medficientsam.eval.dataset.DatasetCase;
import org.medficientsam.eval.report.picture.Pictures;
import org.medficientsam.eval.report.picture.SideBySide;

/** The pictures of a report: a PNG per case in {@code pictures/}, all runs side by side, and a thumbnail of it for the table. */
public final class CasePictures {

    /** What was drawn of a case. @param file below the report's folder */
    record Drawn(String file, byte[] thumbnail) {}

    private CasePictures() {}

    /**
     * Draws cases, several at a time.
     *
     * @param runs which share their data set; of others only those that share the first's
     * @param most how many cases at the most; of more, those are drawn that a reader looks for first
     * @return by case name
     * @throws IOException if the data set is no longer where the run found it, or the folder cannot be written
     */
    public static Map<String, Drawn> draw(List<ScoredRun> runs, Path folder, int most, Runnable drawn)
            throws IOException {
        List<ScoredRun> alike =
                runs.stream().filter(run -> run.isComparableTo(runs.get(0))).toList();
        Map<String, DatasetCase> cases = new HashMap<>();
        dataset(runs.get(0)).cases().forEach(each -> cases.put(each.name(), each));
        Files.createDirectories(folder.resolve("pictures"));
        Map<String, Drawn> pictures = new TreeMap<>();
        List<Map.Entry<String, Optional<Drawn>>> done =
                chosen(alike, most).stream().filter(cases::containsKey).toList().parallelStream()
                        .map(name -> {
                            Map.Entry<String, Optional<Drawn>> entry =
                                    Map.entry(name, draw(alike, Objects.requireNonNull(cases.get(name)), folder));
                            drawn.run();
                            return entry;
                        })
                        .toList();
        done.forEach(entry -> entry.getValue().ifPresent(drawing -> pictures.put(entry.getKey(), drawing)));
        return pictures;
    }

    private static Dataset dataset(ScoredRun run) throws IOException {
        try {
            return run.info().dataset().open();
        } catch (IllegalArgumentException gone) {
            throw new IOException(
                    "the data set that %s was made on is not at %s any more, seen from this folder: --no-pictures does without"
                            .formatted(run.label(), run.info().dataset().folder()),
                    gone);
        }
    }

    /** All cases, or of too many: of each modality the furthest apart, the worst, the best, and the median. */
    public static Set<String> chosen(List<ScoredRun> runs, int most) {
        TreeSet<String> names = new TreeSet<>();
        runs.forEach(run -> names.addAll(run.rows().keySet()));
        if (names.size() <= most) {
            return names;
        }
        CaseTable table = CaseTable.of(runs, Map.of());
        Map<String, List<CaseTable.Row>> byModality = new TreeMap<>();
        table.rows().forEach(row -> byModality
                .computeIfAbsent(row.modality(), unused -> new ArrayList<>())
                .add(row));
        int each = Math.max(4, most / byModality.size());
        Set<String> chosen = new LinkedHashSet<>();
        byModality.values().forEach(rows -> chosen.addAll(remarkable(rows, each)));
        return chosen;
    }

    private static Collection<String> remarkable(List<CaseTable.Row> rows, int count) {
        List<CaseTable.Row> bySpread = rows.stream()
                .sorted(Comparator.comparingDouble(CaseTable.Row::spread).reversed())
                .toList();
        List<CaseTable.Row> byScore = rows.stream()
                .filter(row -> !Double.isNaN(row.dsc().get(0)))
                .sorted(Comparator.comparingDouble(row -> row.dsc().get(0)))
                .toList();
        Set<String> names = new LinkedHashSet<>();
        if (!byScore.isEmpty()) {
            names.add(byScore.get(0).name() + ".npz");
            names.add(byScore.get(byScore.size() - 1).name() + ".npz");
            names.add(byScore.get(byScore.size() / 2).name() + ".npz");
        }
        for (int i = 0; i < rows.size() && names.size() < count; i++) {
            names.add(bySpread.get(i).name() + ".npz");
            if (i < byScore.size() && names.size() < count) {
                names.add(byScore.get(i).name() + ".npz");
            }
        }
        return names;
    }

    /** Empty for a case that cannot be shown; its row says why it failed. */
    private static Optional<Drawn> draw(List<ScoredRun> runs, DatasetCase each, Path folder) {
        try {
            CaseFile image = CaseNpz.read(each.image(), Limits.LOCAL);
            Path truth = each.truth();
            LabelMap gts = truth == null ? null : labels(truth, "gts");
            List<SideBySide.Panel> panels = new ArrayList<>();
            for (ScoredRun run : runs) {
                Path segs = run.folder().segs().resolve(each.name());
                double dsc = run.dsc().getOrDefault(each.name(), Double.NaN);
                String title = run.label() + (Double.isNaN(dsc) ? "" : "  DSC " + CaseTable.percent(100 * dsc));
                panels.add(new SideBySide.Panel(title, Files.exists(segs) ? labels(segs, "segs") : null));
            }
            SideBySide drawing = new SideBySide(image, each.modality().equals(Modality.CT), gts, panels);
            BufferedImage picture = drawing.picture();
            String file = "pictures/" + each.name().replaceFirst("\\.npz$", ".png");
            Files.write(folder.resolve(file), Pictures.png(picture));
            return Optional.of(new Drawn(file, Pictures.jpeg(Pictures.fitted(drawing.thumbnail(), 96))));
        } catch (InvalidCaseException | IllegalArgumentException unusable) {
            return Optional.empty();
        } catch (IOException disk) {
            throw new UncheckedIOException(disk);
        }
    }

    private static @Nullable LabelMap labels(Path npz, String key) throws IOException {
        try {
            return LabelMapNpz.from(Npz.read(npz, Limits.LOCAL, key).get(key));
        } catch (InvalidCaseException unusable) {
            // Its score says so; the rest can still be looked at.
            return null;
        }
    }
}
