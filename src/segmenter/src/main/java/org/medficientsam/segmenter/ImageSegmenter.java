package org.medficientsam.segmenter;

import java.util.ArrayList;
import java.util.List;
import org.medficientsam.casefile.Box;
import org.medficientsam.segmenter.onnx.ImageEmbedding;
import org.medficientsam.segmenter.volume.SliceQuery;

/** An image: encoded once, every box decoded on the one embedding. */
final class ImageSegmenter {
    private ImageSegmenter() {}

    /** @param boxes of the image; box i makes label i + 1 */
    static Segmentation segment(List<? extends Box> boxes, CaseRun run, Progress progress) {
        if (boxes.isEmpty()) return run.finish(List.of());
        List<SliceQuery> queries = new ArrayList<>();
        for (Box box : boxes) queries.add(new SliceQuery.Decode(run.rules().promptBox(box, run.frame())));
        double[] iou = new double[boxes.size()];
        try (ImageEmbedding embedding = run.encode(0)) {
            run.decode(embedding, queries, (found, i) -> {
                run.paint(0, found.mask(), i + 1);
                iou[i] = found.iou();
                progress.advance(i + 1, boxes.size());
            });
        }
        List<LabelledObject> objects = new ArrayList<>();
        for (int i = 0; i < boxes.size(); i++)
            objects.add(new LabelledObject(i + 1, boxes.get(i), run.voxels(i + 1), iou[i]));
        return run.finish(objects);
    }
}
