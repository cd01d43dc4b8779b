package org.medficientsam.eval.command;

import java.io.PrintWriter;
import java.util.SortedMap;
import java.util.function.ToDoubleFunction;
import org.medficientsam.eval.metric.CaseScores;
import org.medficientsam.eval.metric.ScoreTable;

/** The means of a table of scores, with how many cases they are of and what a reader should be warned of. */
final class ScoreSummary {

    private ScoreSummary() {}

    static void print(ScoreTable table, PrintWriter out, PrintWriter err) {
        SortedMap<String, String> failures = table.failures();
        failures.forEach((name, reason) -> err.printf("%s scores zero: %s%n", name, reason));
        table.warnings().forEach((name, warning) -> err.printf("%s: %s%n", name, warning));
        err.flush();
        out.printf(
                "%d cases, %d failed and counted as zero, protocol %s: mean DSC %s%s, mean NSD %s%s%n",
                table.cases().size(),
                failures.size(),
                table.protocol(),
                ScoreTable.fourPlaces(table.mean(CaseScores::dsc)),
                undefined(table, CaseScores::dsc),
                ScoreTable.fourPlaces(table.mean(CaseScores::nsd)),
                undefined(table, CaseScores::nsd));
        out.flush();
    }

    private static String undefined(ScoreTable table, ToDoubleFunction<CaseScores> figure) {
        long count = table.cases().values().stream()
                .filter(scores -> Double.isNaN(figure.applyAsDouble(scores)))
                .count();
        return count == 0 ? "" : " (undefined in %d, left out)".formatted(count);
    }
}
