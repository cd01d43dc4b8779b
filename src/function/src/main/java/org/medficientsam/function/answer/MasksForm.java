package org.medficientsam.function.answer;

import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.function.service.AnswerForm;
import org.medficientsam.function.service.MediaTypes;

/** An npz with a boolean mask for each box, whatever other boxes found there. */
@Singleton
@Priority(30)
public class MasksForm extends AnswerForm {
    public MasksForm() {
        super("masks", MediaTypes.NPZ);
    }

    /** Bits, and two copies of what they deflate to. */
    @Override
    public long heapBytes(CaseHeader header) {
        return header.boxes() * header.voxels() / 4;
    }

    @Override
    public Writer begin() {
        return new BoxMasks(false);
    }
}
