/**
 * What people read: finished runs side by side and beside published figures, as Markdown and as HTML, with plots and pictures.
 *
 * <p>It reads run folders and never runs or scores anything.
 */
@NullMarked
package org.medficientsam.eval.report;

import org.jspecify.annotations.NullMarked;
