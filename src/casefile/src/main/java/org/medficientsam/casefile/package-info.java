/**
 * A case and its answer as types: {@link org.medficientsam.casefile.CaseFile} (image, prompts, spacing) and
 * {@link org.medficientsam.casefile.LabelMap}, with the rules that make either valid. Data goes
 * <pre>
 *   npz bytes -> {@link org.medficientsam.casefile.npz} -> CaseFile
 *   LabelMap -> {@link org.medficientsam.casefile.npz} -> npz bytes                (segs)
 *   CaseFile + LabelMap -> {@link org.medficientsam.casefile.overlay} -> a picture
 * </pre>
 * This package does not know how a case is stored or drawn; the module knows no model, no web and no metric.
 *
 * <h2>Arrays</h2>
 * <table>
 *   <caption>What a case holds</caption>
 *   <tr><th>name</th><th>dtype</th><th>shape</th></tr>
 *   <tr><td>imgs</td><td>uint8 (imagefile makes it of other types)</td><td>(H, W) or (H, W, 3) if boxes has 4 columns, (D, H, W) or (D, H, W, 3) if it has 6; the last axis may also be 1; no empty axis</td></tr>
 *   <tr><td>boxes</td><td>integers or floats</td><td>(N, 4) x_min, y_min, x_max, y_max, or (N, 6) x_min, y_min, z_min, x_max, y_max, z_max;
 *       N may be 0, but the columns must be there as they tell an image from a volume; or objects: N dicts of the challenge of 2025,
 * which are read without being loaded</td></tr>
 *   <tr><td>spacing</td><td>integers or floats</td><td>(3,) mm, optional (None is as if absent); of an image not looked at</td></tr>
 *   <tr><td>gts, segs</td><td>bool or integers</td><td>(H, W) or (D, H, W); segs are written as uint16</td></tr>
 * </table>
 * Coordinates are pixel indices, both ends inclusive. One pixel, one line and one slice are boxes, x_max = W is accepted; a box
 * partly outside is clipped to 0..W-1 and so on. Other arrays are passed over unread.
 *
 * <h2>Faults</h2>
 * <table>
 *   <caption>What an {@link org.medficientsam.casefile.InvalidCaseException} says about a case</caption>
 *   <tr><th>reason</th><th>when</th></tr>
 *   <tr><td>MALFORMED (400)</td><td>not a whole and consistent zip archive; encrypted, or neither stored nor deflated; an entry name twice, or
 *       one that leaves the archive; an entry that is not npy, is damaged, or whose length is not header + shape x item size; an
 *       object, string or structured array; imgs or boxes missing; imgs of another dtype or shape; spacing that is not three
 *       positive finite numbers</td></tr>
 *   <tr><td>TOO_LARGE (413)</td><td>more than one of the {@link org.medficientsam.casefile.Limits} allows, found out before anything of that size is allocated</td></tr>
 *   <tr><td>INVALID_PROMPT (422)</td><td>boxes of another shape, or bool; of four columns for a volume; clicks or a line in their place; numbers in 0..1 only, as shares are; more than
 * {@code maxBoxes}; a box that is NaN, infinite, inverted or wholly
 *       outside, named by its index</td></tr>
 * </table>
 */
@NullMarked
package org.medficientsam.casefile;

import org.jspecify.annotations.NullMarked;
