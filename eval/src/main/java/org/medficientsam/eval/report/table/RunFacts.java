package org.medficientsam.eval.report.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medficientsam.eval.target.ModelInfo;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Where the figures of each run come from, a column per run. */
public final class RunFacts {

    private static final String TIMES = "times and memory";

    private RunFacts() {}

    /** A row per fact, a column per run. */
    public static Table of(List<ScoredRun> runs) {
        List<Map.Entry<String, Function<ScoredRun, String>>> facts = new ArrayList<>(List.of(
                Map.entry("data set", run -> run.info().dataset().id()),
                Map.entry("its content", run -> hash(run.info().dataset().content())),
                Map.entry("cases", RunFacts::counts),
                Map.entry("failed", run -> Integer.toString(run.failures().size())),
                Map.entry("protocol", ScoredRun::protocol),
                Map.entry("target", run -> run.info().target()),
                Map.entry("bundle", RunFacts::bundle),
                Map.entry("rules", run -> {
                    String rules = run.info().effectiveRules();
                    return rules == null ? "the bundle's" : rules;
                }),
                Map.entry(TIMES, RunFacts::times),
                Map.entry("cases at a time", run -> Integer.toString(run.info().parallel())),
                Map.entry("peak memory", run -> run.info().peakRss()),
                Map.entry("machine", run -> run.info().machine().summary()),
                Map.entry("Java", run -> run.info().jvm()),
                Map.entry(
                        "harness",
                        run -> run.info().version() + ", commit " + run.info().commit()),
                Map.entry("finished", run -> String.valueOf(run.info().finished()))));
        if (runs.stream().allMatch(run -> run.times().isEmpty())) {
            facts.removeIf(fact -> fact.getKey().equals(TIMES));
        }
        Table table = Table.create("runs")
                .addColumns(StringColumn.create(
                        "Run", facts.stream().map(Map.Entry::getKey).toList()));
        for (ScoredRun run : runs) {
            table.addColumns(StringColumn.create(
                    run.label(),
                    facts.stream().map(fact -> fact.getValue().apply(run)).toList()));
        }
        return table;
    }

    private static String hash(@Nullable String content) {
        return content == null ? "not noted" : content.substring(0, Math.min(12, content.length()));
    }

    private static String counts(ScoredRun run) {
        return run.rows().size()
                + ": "
                + run.info().dataset().cases().entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static String times(ScoredRun run) {
        ScoredRun timed = run.timing();
        return "%s, %d images, %d volumes; %s; finished %s"
                .formatted(
                        timed.info().kind(),
                        run.timedCases(false),
                        run.timedCases(true),
                        timed.info().machine().summary(),
                        timed.info().finished());
    }

    static String bundle(ScoredRun run) {
        ModelInfo model = run.info().model();
        if (model == null) {
            return "not told";
        }
        String sha256 = model.sha256() == null ? "" : ", sha256 " + hash(model.sha256());
        return model.id() + (model.precision() == null ? "" : " " + model.precision()) + sha256;
    }
}
