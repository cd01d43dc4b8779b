package org.medficientsam.eval.report.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.metric.Metric;
import org.medficientsam.eval.statistics.RankStability;
import org.medficientsam.eval.statistics.Stratum;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Of three runs or more: their order by average DSC, and how often resampled cases keep it. */
public final class RankTable {

    private static final int FEWEST = 3;
    private static final long SEED = 1;

    private RankTable() {}

    /** Empty for fewer than three runs that can be compared. */
    public static Optional<Table> of(List<ScoredRun> runs) {
        if (runs.size() < FEWEST
                || runs.stream()
                        .anyMatch(run ->
                                !run.isComparableTo(runs.get(0)) || run.dsc().isEmpty())) {
            return Optional.empty();
        }
        List<List<Stratum>> scores = new ArrayList<>();
        runs.forEach(run -> scores.add(new ArrayList<>()));
        for (Modality modality : Modality.CHALLENGE) {
            List<String> common = common(runs, modality);
            if (!common.isEmpty()) {
                for (int i = 0; i < runs.size(); i++) {
                    ScoredRun run = runs.get(i);
                    scores.get(i)
                            .add(Stratum.of(
                                    common.stream()
                                            .mapToDouble(name -> run.dsc().getOrDefault(name, Double.NaN))
                                            .toArray(),
                                    common.stream().map(run.groups()::of).toList()));
                }
            }
        }
        return scores.get(0).isEmpty() ? Optional.empty() : Optional.of(table(runs, RankStability.of(scores, SEED)));
    }

    /** Cases with a figure in all runs. */
    private static List<String> common(List<ScoredRun> runs, Modality modality) {
        TreeSet<String> names = new TreeSet<>(runs.get(0).dsc().keySet());
        names.removeIf(name -> !runs.get(0).modality(name).equals(modality)
                || runs.stream()
                        .anyMatch(run -> Double.isNaN(run.scores(Metric.DSC).getOrDefault(name, Double.NaN))));
        return List.copyOf(names);
    }

    private static Table table(List<ScoredRun> runs, RankStability stability) {
        Table table = Table.create("ranks")
                .addColumns(
                        StringColumn.create(
                                "Run", runs.stream().map(ScoredRun::label).toList()),
                        StringColumn.create(
                                "Rank",
                                stability.rank().stream().map(String::valueOf).toList()));
        for (int rank = 0; rank < runs.size(); rank++) {
            int at = rank;
            table.addColumns(StringColumn.create(
                    "Rank %d in".formatted(rank + 1),
                    stability.shares().stream()
                            .map(shares -> String.format(Locale.ROOT, "%.1f %%", 100 * shares.get(at)))
                            .toList()));
        }
        return table;
    }
}
