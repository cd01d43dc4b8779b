package org.medficientsam.eval.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.medficientsam.eval.Failures;
import org.medficientsam.eval.Progress;
import org.medficientsam.eval.metric.MetricProtocol;
import org.medficientsam.eval.metric.ScoreTable;
import org.medficientsam.eval.run.CaseRow;
import org.medficientsam.eval.run.Run;
import org.medficientsam.eval.run.RunPlan;
import org.medficientsam.eval.run.TargetRefusesException;
import org.medficientsam.eval.target.TargetUnavailableException;

/** A run as a command does it: replayed, scored, and told of. */
final class PlannedRun {

    /** Every case was segmented. */
    static final int ALL = 0;

    /** Some failed, or the run is not complete. */
    static final int SOME = 1;

    /** None was segmented. */
    static final int NONE = 2;

    private final RunPlan plan;
    private final Run run;
    private final PrintWriter out;
    private final PrintWriter err;

    PlannedRun(RunPlan plan, PrintWriter out, PrintWriter err) {
        this.plan = plan;
        this.out = out;
        this.err = err;
        run = new Run(plan);
    }

    /** Whether it cannot be begun: another run is there, nobody answers, model or rules are not known. It is told why. */
    boolean isRefused() throws IOException, InterruptedException {
        try {
            run.check();
            return false;
        } catch (IllegalArgumentException | TargetRefusesException | TargetUnavailableException refused) {
            told(refused, NONE);
            return true;
        }
    }

    /**
     * Sends what is missing; what went wrong is told.
     *
     * @param settled called per case
     * @return {@link #ALL}, {@link #SOME} or {@link #NONE}
     */
    int replay(Runnable settled) throws IOException, InterruptedException {
        List<CaseRow> rows;
        try {
            rows = run.replay(settled);
        } catch (IllegalArgumentException | TargetRefusesException refused) {
            return told(refused, NONE);
        } catch (RuntimeException | IOException failure) {
            boolean some = plan.folder().readRows().values().stream().anyMatch(CaseRow::ok);
            return told(failure, some ? SOME : NONE);
        }
        List<CaseRow> failed = rows.stream().filter(row -> !row.ok()).toList();
        Progress.leaveLine(err);
        out.printf("%d cases, %d failed%n", rows.size(), failed.size());
        failed.forEach(row -> out.printf("  %s: %s%n", row.name(), row.error()));
        out.flush();
        return failed.isEmpty() ? ALL : failed.size() < rows.size() ? SOME : NONE;
    }

    private int told(Exception failure, int status) {
        Progress.leaveLine(err);
        err.println("error: " + Failures.describe(failure));
        err.flush();
        return status;
    }

    /**
     * Scores what was segmented, where there is ground truth.
     *
     * @param scored called per case
     * @return {@link #ALL}, or {@link #SOME} if the scores could not be written
     */
    int score(MetricProtocol protocol, Runnable scored) throws IOException {
        if (!plan.dataset().hasTruth()) {
            out.println("no ground truth in this data set: nothing to score");
            out.flush();
            return ALL;
        }
        try {
            ScoreTable scores = run.score(protocol, scored);
            Progress.leaveLine(err);
            ScoreSummary.print(scores, out, err);
            return ALL;
        } catch (UncheckedIOException full) {
            return told(full, SOME);
        }
    }
}
