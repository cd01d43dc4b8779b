/**
 * What is known of finished runs, as figures: the runs with their scores, means by modality, comparisons, ranks, the table of
 * cases and which of them are shown.
 *
 * <p>It does not know how a table is written or drawn.
 */
@NullMarked
package org.medficientsam.eval.report.table;

import org.jspecify.annotations.NullMarked;
