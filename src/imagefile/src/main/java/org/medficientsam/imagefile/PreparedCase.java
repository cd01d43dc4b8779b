package org.medficientsam.imagefile;

import org.medficientsam.casefile.CaseFile;
import org.medficientsam.imagefile.intensity.AppliedWindow;

/**
 * A case that was made of a file.
 *
 * @param caseFile 8 bits, boxes inside
 * @param window what was done to its values, to be told with the answer
 */
public record PreparedCase(CaseFile caseFile, AppliedWindow window) {}
