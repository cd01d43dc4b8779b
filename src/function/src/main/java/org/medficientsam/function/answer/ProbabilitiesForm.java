package org.medficientsam.function.answer;

import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.function.service.AnswerForm;
import org.medficientsam.function.service.MediaTypes;

/** An npz with each box's probabilities. */
@Singleton
@Priority(20)
public class ProbabilitiesForm extends AnswerForm {
    /** Logits of one box in one slice, at most. */
    private static final long LOGITS = 256L * 256 * Float.BYTES;

    public ProbabilitiesForm() {
        super("probabilities", MediaTypes.NPZ);
    }

    /** Numbers hardly deflate. */
    @Override
    public long heapBytes(CaseHeader header) {
        return header.boxSlices() * LOGITS + 3 * Float.BYTES * header.boxes() * header.voxels();
    }

    @Override
    public Writer begin() {
        return new BoxMasks(true);
    }
}
