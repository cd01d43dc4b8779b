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

    /**
     * The same with other numbers in place of 1 to N; its label map is this one's, written anew.
     *
     * @param numbers of the boxes, in 1..65535; equal ones share a label
     * @throws IllegalArgumentException if there are not as many as boxes
     */
    public Segmentation relabelled(List<Integer> numbers) {
        if (numbers.size() != objects.size())
            throw new IllegalArgumentException(
                    "labels must be %d, one per box, got %d".formatted(objects.size(), numbers.size()));
        short[] map = labels.labels();
        for (int i = 0; i < map.length; i++)
            if (map[i] != 0)
                map[i] = numbers.get(Short.toUnsignedInt(map[i]) - 1).shortValue();
        List<LabelledObject> renamed = objects.stream()
                .map(object -> new LabelledObject(
                        numbers.get(object.label() - 1), object.box(), object.voxels(), object.iou()))
                .toList();
        return new Segmentation(labels, renamed, timings, slicesEncoded, boxesDecoded, rules);
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
