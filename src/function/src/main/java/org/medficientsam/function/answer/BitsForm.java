package org.medficientsam.function.answer;

import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.function.service.AnswerForm;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.imagefile.result.MaskBits;

/** A bit per voxel, the highest first, set where there is any label: what {@code numpy.unpackbits} reads. */
@Singleton
@Priority(10)
public class BitsForm extends AnswerForm {
    public BitsForm() {
        super("bits", MediaTypes.OCTETS);
    }

    @Override
    public long heapBytes(CaseHeader header) {
        return header.voxels() / 8;
    }

    @Override
    public Writer begin() {
        return (prepared, segmentation, names) -> Optional.of(MaskBits.of(segmentation.labels()));
    }
}
