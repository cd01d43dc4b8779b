package org.medficientsam.segmenter;

import java.util.List;
import org.medficientsam.casefile.LabelMap;

/** The answer to a case. */
public final class Segmentation {
    private final LabelMap labels;
    private final List<LabelledObject> objects;
    private final StageTimings timings;
    private final int slicesEncoded;
    private final int boxesDecoded;
    private final String rules;

    Segmentation(
            LabelMap labels,
            List<LabelledObject> objects,
            StageTimings timings,
            int slicesEncoded,
            int boxesDecoded,
            String rules) {
        this.labels = labels;
        this.objects = List.copyOf(objects);
        this.timings = timings;
        this.slicesEncoded = slicesEncoded;
        this.boxesDecoded = boxesDecoded;
        this.rules = rules;
    }

    /** In the shape of the case's image; label i is box i - 1. */
    public LabelMap labels() {
        return labels;
    }

    /** One per box, in the order of the boxes. */
    public List<LabelledObject> objects() {
        return objects;
    }

    /** Where the time went; reading and writing are 0, they are the caller's. */
    public StageTimings timings() {
        return timings;
    }

    /** Encoder runs. */
    public int slicesEncoded() {
        return slicesEncoded;
    }

    /** Decoder runs. */
    public int boxesDecoded() {
        return boxesDecoded;
    }

    /** Name of the rules it was made by. */
    public String rules() {
        return rules;
    }
}
