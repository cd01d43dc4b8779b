package org.medficientsam.function.answer;

import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.function.service.AnswerForm;
import org.medficientsam.function.service.MediaTypes;

/** The result object, the npz in it as base64. */
@Singleton
@Priority(90)
public class JsonForm extends AnswerForm {
    public JsonForm() {
        super("json", MediaTypes.JSON, Trait.MEANT_BY_ITS_TYPE);
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
