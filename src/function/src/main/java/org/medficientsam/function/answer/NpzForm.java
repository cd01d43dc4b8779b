package org.medficientsam.function.answer;

import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.function.service.AnswerForm;
import org.medficientsam.function.service.MediaTypes;

/** The challenge's npz with {@code segs}: what is answered if nobody says otherwise. */
@Singleton
@Priority(100)
public class NpzForm extends AnswerForm {
    public NpzForm() {
        super("npz", MediaTypes.NPZ, Trait.MEANT_BY_ITS_TYPE);
    }

    @Override
    public long heapBytes(CaseHeader header) {
        return 0; // the case's own cost has it
    }

    @Override
    public Writer begin() {
        return Writer.NOTHING;
    }
}
