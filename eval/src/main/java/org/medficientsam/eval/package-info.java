/**
 * The harness: replays a validation set through the function, scores what comes back, prints the tables.
 *
 * <pre>
 *   DatasetCatalog -> Dataset -> DatasetCase                      datasets.yaml, files on disk
 *   DatasetCase -> Target -> CaseOutcome -> RunFolder             run: segs/, cases.csv, run.json
 *   gts x segs -> scores.csv, labels.csv                          score
 *   RunFolder... -> MethodsTable, ModalityTable, charts, gallery  report
 * </pre>
 *
 * It knows the wire and the run folder, and nothing of how a mask is made: the function is a URL or an executable jar.
 */
@NullMarked
package org.medficientsam.eval;

import org.jspecify.annotations.NullMarked;
