package org.medficientsam.function.answer;

import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.function.service.AnswerForm;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.imagefile.result.CocoRle;

/** COCO with run lengths. */
@Singleton
@Priority(40)
public class CocoForm extends AnswerForm {
    public CocoForm() {
        super("coco", MediaTypes.JSON, Trait.FLAT);
    }

    @Override
    public long heapBytes(CaseHeader header) {
        return 8 * header.voxels();
    }

    @Override
    public Writer begin() {
        return (prepared, segmentation, names) ->
                Written.to(out -> CocoRle.write(out, segmentation.labels(), "image", names));
    }
}
