package org.medficientsam.segmenter;

import java.util.ArrayList;
import java.util.List;
import org.medficientsam.casefile.Box;
import org.medficientsam.segmenter.onnx.ImageEmbedding;
import org.medficientsam.segmenter.volume.SliceQuery;
import org.medficientsam.segmenter.window.WindowPlan.Look;

/** An image: encoded once, and once more for each window of small boxes that the rules ask for; every box is decoded on one of the embeddings. */
final class ImageSegmenter {
    private ImageSegmenter() {}

    /** @param boxes of the image; box i makes label i + 1 */
    static Segmentation segment(List<? extends Box> boxes, CaseRun run, Progress progress) {
        if (boxes.isEmpty()) return run.finish(List.of());
        double[] iou = new double[boxes.size()];
        int done = 0;
        for (Look look : run.looks(boxes)) {
            View view = run.view(look.window());
            List<SliceQuery> queries = new ArrayList<>();
            for (int i : look.boxes())
                queries.add(new SliceQuery.Decode(run.rules().promptBox(boxes.get(i), view)));
            int before = done;
            try (ImageEmbedding embedding = run.encode(view)) {
                run.decode(embedding, view, queries, (found, i) -> {
                    int box = look.boxes().get(i);
                    run.paint(0, found, box + 1, run.within(view, boxes.get(box)));
                    iou[box] = found.iou();
                    progress.advance(before + i + 1, boxes.size());
                });
            }
            done += queries.size();
        }
        List<LabelledObject> objects = new ArrayList<>();
        for (int i = 0; i < boxes.size(); i++)
            objects.add(new LabelledObject(i + 1, boxes.get(i), run.voxels(i + 1), iou[i]));
        return run.finish(objects);
    }
}
