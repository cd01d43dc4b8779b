/**
 * How the objects of a volume are followed from slice to slice:
 *
 * <pre>
 * SweepPlan         in which order slices are visited, and which embeddings are kept meanwhile
 * ObjectTrack       one object on its way: what it is looked for with in a slice, and what its find means for the next
 * BoxPropagation    the rule that makes the next slice's box: MaskBox, LabelAreaBox or SteadyBox
 * </pre>
 *
 * <p>It decides and computes, but runs nothing: it knows no thread, no encoder and no cache, and does not paint.
 */
@NullMarked
package org.medficientsam.segmenter.volume;

import org.jspecify.annotations.NullMarked;
