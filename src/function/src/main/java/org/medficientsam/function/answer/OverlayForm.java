package org.medficientsam.function.answer;

import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.casefile.overlay.Overlay;
import org.medficientsam.function.service.AnswerForm;
import org.medficientsam.function.service.MediaTypes;

/** A picture: the image, boxes, outlines. */
@Singleton
@Priority(80)
public class OverlayForm extends AnswerForm {
    /** Long side of a picture, and its red, green and blue in one int. */
    private static final long PICTURE = 2048L * 2048 * Integer.BYTES;

    /** A box as it is drawn. */
    private static final long PER_BOX = 1 << 10;

    public OverlayForm() {
        super("overlay", MediaTypes.PNG, Trait.MEANT_BY_ITS_TYPE);
    }

    /** A slice in full size, its scaled copy with outlines, and the PNG; of a volume nine tiles, one at a time. */
    @Override
    public long heapBytes(CaseHeader header) {
        long slice = (long) header.height() * header.width() * Integer.BYTES;
        return slice + 3 * PICTURE + header.boxes() * PER_BOX;
    }

    @Override
    public Writer begin() {
        return (prepared, segmentation, names) -> Optional.of(
                Overlay.of(prepared.caseFile(), segmentation.labels()).png());
    }
}
