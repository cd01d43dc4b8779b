package org.medficientsam.function.answer;

import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.function.service.AnswerForm;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.imagefile.ResultFile;

/** A PNG whose pixels are the labels. */
@Singleton
@Priority(70)
public class LabelsForm extends AnswerForm {
    public LabelsForm() {
        super("labels", MediaTypes.PNG, Trait.FLAT);
    }

    @Override
    public long heapBytes(CaseHeader header) {
        return 4 * header.voxels();
    }

    @Override
    public Writer begin() {
        return (prepared, segmentation, names) ->
                Written.to(out -> ResultFile.PNG.write(out, segmentation.labels(), prepared.form()));
    }
}
