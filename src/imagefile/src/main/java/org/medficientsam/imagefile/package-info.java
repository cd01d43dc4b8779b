/**
 * The files people have, as cases, and the answers back in the form they came in. Data goes
 * <pre>
 *   NIfTI | DICOM file, folder, zip | PNG, JPEG, TIFF, BMP, GIF, WebP | MetaImage | NRRD | npy | npz
 *     -> {@link org.medficientsam.imagefile.ImageFiles#read}      recognised by bytes, not by name
 *     -> {@link org.medficientsam.imagefile.MedicalImage}         numbers of any type, place in the patient
 *     -> {@link org.medficientsam.imagefile.MedicalImage#toCase}  boxes and a window make it a CaseFile, 8 bits
 *   CaseFile -> a label map (not here)
 *     -> {@link org.medficientsam.imagefile.ResultFile#write}     the ending says which form; same grid, same affine
 * </pre>
 * In full:
 * <pre>
 *   MedicalImage image = ImageFiles.read(path, ReadLimits.LOCAL);
 *   DrawnBoxes boxes = DrawnBoxes.of(List.of(DrawnBoxes.parse("120,88,30,190,170,60")));
 *   PreparedCase prepared = image.toCase(boxes, IntensityWindow.parse("40,400"), Limits.LOCAL);
 *   LabelMap labels = ...                          // of prepared.caseFile()
 *   ResultFile.write(Path.of("liver.nii.gz"), labels, image.form());
 * </pre>
 * An npz over the wire, of any type of numbers: {@link org.medficientsam.imagefile.ImageFiles#readCase}. Masks and their boxes:
 * {@link org.medficientsam.imagefile.ImageFiles#readLabels}.
 *
 * <p>Every fault of a file is an {@link org.medficientsam.casefile.InvalidCaseException} that names what is wrong and never pixels,
 * patients or paths. Knows no model, no web and no metric.
 */
@NullMarked
package org.medficientsam.imagefile;

import org.jspecify.annotations.NullMarked;
