/**
 * Images that are kept between requests, in memory alone, so that a person posts one once and draws many boxes:
 * <pre>
 *   files -> {@link org.medficientsam.function.images.ImageReading}  read in a turn, within what the heap has left
 *         -> {@link org.medficientsam.function.images.KeptImages}    by an id nobody can guess, for the owner alone; bounded in bytes,
 *                                                                   number and idle time; memory is lent by admission, and given back
 *                                                                   when cases need it
 *         -> {@link org.medficientsam.function.images.KeptCase}      an image and boxes, for the SegmentationService; the image's
 *                                                                   embeddings stay with it
 * </pre>
 * Nothing of an image is logged. This package knows no door: owners come as texts, files as bytes.
 */
@NullMarked
package org.medficientsam.function.images;

import org.jspecify.annotations.NullMarked;
