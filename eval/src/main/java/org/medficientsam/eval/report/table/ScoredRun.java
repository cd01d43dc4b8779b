package org.medficientsam.eval.report.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.Csv;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.dataset.CaseGroups;
import org.medficientsam.eval.metric.Metric;
import org.medficientsam.eval.metric.MetricProtocol;
import org.medficientsam.eval.run.CaseRow;
import org.medficientsam.eval.run.RunFolder;
import org.medficientsam.eval.run.RunInfo;
import org.medficientsam.eval.run.RunLabels;

/**
 * A finished run with its scores, as a report needs it.
 *
 * @param label unique in the report
 * @param rows by case
 * @param dsc and {@code nsd}: by case, in [0, 1], NaN where undefined; empty if the data set has no ground truth
 * @param unscored why cases that were segmented score zero, by case: ground truth that is damaged or of another shape
 * @param protocol of the scores
 * @param groups which cases are of one patient, volume or video
 * @param times the run that its times and memory are taken from, itself unless another one was named for it
 */
public record ScoredRun(
        String label,
        RunFolder folder,
        RunInfo info,
        SortedMap<String, CaseRow> rows,
        SortedMap<String, Double> dsc,
        SortedMap<String, Double> nsd,
        SortedMap<String, String> unscored,
        String protocol,
        CaseGroups groups,
        Optional<ScoredRun> times) {

    /** @throws IllegalArgumentException if a folder holds no run, or one that was never finished */
    public static List<ScoredRun> read(List<Path> folders) throws IOException {
        return read(folders, null);
    }

    /**
     * @param groups which cases are of one patient; null for what each run noted of its data set
     * @throws IllegalArgumentException if a folder holds no run, or one that was never finished
     */
    public static List<ScoredRun> read(List<Path> folders, @Nullable CaseGroups groups) throws IOException {
        List<RunFolder> runs = new ArrayList<>();
        List<RunInfo> infos = new ArrayList<>();
        for (Path path : folders) {
            RunFolder folder = new RunFolder(path);
            RunInfo info = folder.readInfo();
            if (info.finished() == null) {
                throw new IllegalArgumentException(
                        "the run in %s is not finished: its command, given again, goes on with it".formatted(path));
            }
            runs.add(folder);
            infos.add(info);
        }
        List<String> labels = RunLabels.of(infos, folders);
        List<ScoredRun> scored = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            scored.add(read(
                    labels.get(i),
                    runs.get(i),
                    infos.get(i),
                    groups == null ? CaseGroups.by(infos.get(i).dataset().group()) : groups));
        }
        return scored;
    }

    private static ScoredRun read(String label, RunFolder folder, RunInfo info, CaseGroups groups) throws IOException {
        SortedMap<String, CaseRow> rows = new TreeMap<>(folder.readRows());
        SortedMap<String, Double> dsc = new TreeMap<>();
        SortedMap<String, Double> nsd = new TreeMap<>();
        String protocol = "none: no ground truth";
        if (Files.exists(folder.scores())) {
            List<List<String>> lines = Csv.parse(Files.readString(folder.scores()));
            for (List<String> line : lines.subList(1, lines.size())) {
                dsc.put(line.get(0), figure(line.get(1)));
                nsd.put(line.get(0), figure(line.get(2)));
            }
            protocol = MetricProtocol.of(lines.get(0), lines.size() > 1 ? lines.get(1) : List.of());
        }
        return new ScoredRun(
                label, folder, info, rows, dsc, nsd, unscored(folder, rows), protocol, groups, Optional.empty());
    }

    /** From the table of labels, where it was kept. */
    private static SortedMap<String, String> unscored(RunFolder folder, SortedMap<String, CaseRow> rows)
            throws IOException {
        SortedMap<String, String> unscored = new TreeMap<>();
        if (Files.exists(folder.labels())) {
            // Columns case, protocol, status, error, then the label's own.
            for (List<String> line : Csv.parse(Files.readString(folder.labels()))) {
                CaseRow row = rows.get(line.get(0));
                if (row != null && row.ok() && line.get(2).equals("failed")) {
                    unscored.put(row.name(), line.get(3));
                }
            }
        }
        return unscored;
    }

    private static double figure(String cell) {
        return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
    }

    /** Its means by modality. */
    public ModalityMeans means(Metric metric) {
        return ModalityMeans.of(scores(metric), this::modality, groups::of);
    }

    /** As the data set had it, which may know better than the file name. */
    Modality modality(String name) {
        CaseRow row = rows.get(name);
        return row == null ? Modality.ofCase(name) : row.modality();
    }

    SortedMap<String, Double> scores(Metric metric) {
        return metric == Metric.DSC ? dsc : nsd;
    }

    /** What two runs must share for their scores to be compared. */
    boolean isComparableTo(ScoredRun other) {
        return info.dataset().id().equals(other.info.dataset().id())
                && hasContentOf(other)
                && protocol.equals(other.protocol);
    }

    /** Whether the other ran on the very cases, as far as runs noted what their cases hold. */
    boolean hasContentOf(ScoredRun other) {
        String ours = info.dataset().content();
        String theirs = other.info.dataset().content();
        return ours == null || theirs == null || ours.equals(theirs);
    }

    /**
     * Runs whose times and memory are those of other runs: of the same bundle by the same rules, perhaps on fewer cases, cold where
     * these are warm.
     *
     * @throws IllegalArgumentException if a run of times is of the bundle and rules of none of the runs
     */
    public static List<ScoredRun> timed(List<ScoredRun> runs, List<ScoredRun> times) {
        for (ScoredRun each : times) {
            if (runs.stream().noneMatch(each::isOfBundleOf)) {
                throw new IllegalArgumentException(
                        "the times in %s must be of the bundle and rules of one of the runs, got %s"
                                .formatted(each.folder.path(), RunFacts.bundle(each)));
            }
        }
        return runs.stream()
                .map(run -> times.stream()
                        .filter(run::isOfBundleOf)
                        .findFirst()
                        .map(each -> new ScoredRun(
                                run.label,
                                run.folder,
                                run.info,
                                run.rows,
                                run.dsc,
                                run.nsd,
                                run.unscored,
                                run.protocol,
                                run.groups,
                                Optional.of(each)))
                        .orElse(run))
                .toList();
    }

    private boolean isOfBundleOf(ScoredRun other) {
        return info.model() != null
                && other.info.model() != null
                && Objects.equals(info.model().sha256(), other.info.model().sha256())
                && Objects.equals(ownRules(), other.ownRules());
    }

    /** Null where they are the bundle's, whether that was said or not. */
    private @Nullable String ownRules() {
        String rules = info.effectiveRules();
        return info.model() == null || Objects.equals(rules, info.model().rules()) ? null : rules;
    }

    /** Whether every case had a fresh process, one after the other. */
    public boolean isCold() {
        RunInfo timed = timing().info;
        return timed.kind().equals("cold") && timed.parallel() == 1;
    }

    /** The run whose times and memory are shown for this one: itself, unless another was named. */
    public ScoredRun timing() {
        return times.orElse(this);
    }

    /** The rows of cases that count as zero: not segmented, or not to be scored. */
    public List<CaseRow> failures() {
        List<CaseRow> failures = new ArrayList<>();
        for (CaseRow row : rows.values()) {
            String reason = unscored.get(row.name());
            if (reason != null) {
                failures.add(row.notScored(reason));
            } else if (!row.ok()) {
                failures.add(row);
            }
        }
        return failures;
    }

    /** Cases that no mean contains, as there is no ground truth of them where there is of others. */
    int withoutTruth() {
        return dsc.isEmpty()
                ? 0
                : (int) rows.keySet().stream()
                        .filter(name -> !dsc.containsKey(name))
                        .count();
    }

    /** Cases of a modality that failed, each of which counts as zero. */
    int failed(Modality modality) {
        return (int) failures().stream()
                .filter(row -> row.modality().equals(modality))
                .count();
    }

    /** Cases of a modality whose figure is undefined, which no mean contains. */
    int undefined(Metric metric, Modality modality) {
        return (int) scores(metric).entrySet().stream()
                .filter(entry ->
                        entry.getValue().isNaN() && modality(entry.getKey()).equals(modality))
                .count();
    }

    /** Its modalities, those of the published table first. */
    public List<Modality> modalities() {
        return dsc.keySet().stream()
                .map(this::modality)
                .distinct()
                .sorted(Modality.TABLE_ORDER)
                .toList();
    }

    /** Mean wall time of the cases that were segmented, images or volumes. */
    public OptionalDouble meanSeconds(boolean volumes) {
        return timing().settled(volumes).stream().mapToDouble(CaseRow::seconds).average();
    }

    /** The largest peak of any case, images or volumes. */
    public OptionalDouble largestPeakBytes(boolean volumes) {
        return timing().settled(volumes).stream()
                .map(row -> row.measures().peakRssBytes())
                .filter(peak -> peak.isPresent())
                .mapToDouble(peak -> peak.getAsLong())
                .max();
    }

    /** Cases that were segmented and timed, images or volumes. */
    int timedCases(boolean volumes) {
        return timing().settled(volumes).size();
    }

    private Collection<CaseRow> settled(boolean volumes) {
        return rows.values().stream()
                .filter(row -> row.ok() && row.isVolume() == volumes)
                .toList();
    }
}
