/**
 * The wire contract: challenge {@code .npz} bytes to a {@link org.medficientsam.casefile.CaseFile}, a
 * {@link org.medficientsam.casefile.LabelMap} to {@code segs}, and the {@link org.medficientsam.casefile.Overlay} picture of both.
 * It knows no model, no web and no metric.
 */
@NullMarked
package org.medficientsam.casefile;

import org.jspecify.annotations.NullMarked;
