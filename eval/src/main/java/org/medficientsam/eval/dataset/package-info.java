/**
 * Where the cases come from: the catalogue {@code datasets.yaml} and the layouts on disk it describes.
 *
 * <p>It does not know targets, runs or scores: a case is a name, a modality, an image and, where there is one, its truth.
 */
@NullMarked
package org.medficientsam.eval.dataset;

import org.jspecify.annotations.NullMarked;
