/**
 * How the objects of a volume are followed from slice to slice:
 *
 * <pre>
 * SweepPlan           in which order slices are visited, and which embeddings are kept meanwhile
 * ObjectTrack         one object, followed by a Walk up from its middle and a Walk down
 *   BoxPropagation      the rule that makes the next slice's box: MaskBox, LabelAreaBox or SteadyBox
 *   PropagatorPrompts   what a bundle's propagator is told beside the box
 *   SliceQuery          -> what the object is looked for with in the next slice
 * </pre>
 *
 * <p>It decides and computes, but runs nothing: it knows no thread, no encoder and no cache, and does not paint.
 */
@NullMarked
package org.medficientsam.segmenter.volume;

import org.jspecify.annotations.NullMarked;
