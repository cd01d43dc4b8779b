package org.medficientsam.function.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.inject.Singleton;
import java.util.Optional;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.function.service.AnswerForm;

/** A form as somebody may add one: this class and nothing else. */
@Singleton
public class VoxelCountForm extends AnswerForm {
    public VoxelCountForm() {
        super("voxel-count", "text/csv", Trait.MEANT_BY_ITS_TYPE);
    }

    @Override
    public long heapBytes(CaseHeader header) {
        return 0;
    }

    @Override
    public Writer begin() {
        return (prepared, segmentation, names) -> Optional.of(
                "voxels\n%d\n".formatted(segmentation.labels().labels().length).getBytes(UTF_8));
    }
}
