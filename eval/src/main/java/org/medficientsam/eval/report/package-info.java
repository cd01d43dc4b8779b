/**
 * What people read: finished runs side by side and beside published figures, as Markdown, HTML and LaTeX, with plots.
 *
 * <pre>
 *   run folders -> .table -> Report, blocks in their order -> MarkdownWriter, HtmlWriter, LatexWriter -> report.md, report.html, ...
 *                    +---> .picture -> pictures of cases
 * </pre>
 *
 * <p>It reads run folders and never runs or scores anything; what figures there are, {@code .table} decides.
 */
@NullMarked
package org.medficientsam.eval.report;

import org.jspecify.annotations.NullMarked;
