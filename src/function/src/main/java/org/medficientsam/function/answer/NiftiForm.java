package org.medficientsam.function.answer;

import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.function.service.AnswerForm;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.imagefile.ResultFile;

/** NIfTI, gzipped, on the grid of the file that came in. */
@Singleton
@Priority(60)
public class NiftiForm extends AnswerForm {
    public NiftiForm() {
        super("nifti", MediaTypes.GZIP, Trait.MEANT_BY_ITS_TYPE);
    }

    @Override
    public long heapBytes(CaseHeader header) {
        return header.voxels() / 2;
    }

    @Override
    public Writer begin() {
        return (prepared, segmentation, names) ->
                Written.to(out -> ResultFile.NIFTI_GZ.write(out, segmentation.labels(), prepared.form()));
    }
}
