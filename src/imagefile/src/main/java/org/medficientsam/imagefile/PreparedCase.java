package org.medficientsam.imagefile;

import java.util.List;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.imagefile.image.ImageForm;
import org.medficientsam.imagefile.intensity.AppliedWindow;

/**
 * A case that was made of a file.
 *
 * @param caseFile 8 bits, boxes inside
 * @param window what was done to its values, to be told with the answer
 * @param form of the file, for the answer to be written in
 * @param notes what a careful reader should tell: a channel that was left out, a picture that was turned upright
 */
public record PreparedCase(CaseFile caseFile, AppliedWindow window, ImageForm form, List<String> notes) {
    /** Copies the list. */
    public PreparedCase {
        notes = List.copyOf(notes);
    }
}
