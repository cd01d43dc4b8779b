/**
 * What the packages of the harness share: rows of CSV, a progress bar, a file that appears when it is complete, one line for
 * a failure, a random generator that is the same everywhere, the names of modalities. It knows none of those packages.
 *
 * <p>The harness replays a validation set through the function, scores what comes back, and prints the tables:
 *
 * <pre>
 *   .dataset  datasets.yaml, files on disk -> Dataset -> DatasetCase        .phantom  synthetic data sets
 *   .run      DatasetCase -> .target Target -> CaseOutcome -> RunFolder     segs/, cases.csv, run.json
 *   .metric   gts x segs -> CaseScores -> scores.csv, labels.csv
 *   .report   RunFolder... -> .statistics -> tables, plots, pictures        report.md, report.html
 *   .command  the command line over all of it
 * </pre>
 *
 * It knows the wire and the run folder, and nothing of how a mask is made: the function is a URL or an executable jar.
 */
@NullMarked
package org.medficientsam.eval;

import org.jspecify.annotations.NullMarked;
