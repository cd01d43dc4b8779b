package org.medficientsam.function.answer;

import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.function.service.AnswerForm;
import org.medficientsam.function.service.MediaTypes;
import org.medficientsam.imagefile.result.GeoJson;

/** Polygons in pixels. */
@Singleton
@Priority(50)
public class GeoJsonForm extends AnswerForm {
    public GeoJsonForm() {
        super("geojson", MediaTypes.GEOJSON, Trait.MEANT_BY_ITS_TYPE, Trait.FLAT);
    }

    @Override
    public long heapBytes(CaseHeader header) {
        return 8 * header.voxels();
    }

    @Override
    public Writer begin() {
        return (prepared, segmentation, names) -> Written.to(out -> GeoJson.write(out, segmentation.labels(), names));
    }
}
