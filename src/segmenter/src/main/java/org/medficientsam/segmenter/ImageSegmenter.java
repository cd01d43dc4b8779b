package org.medficientsam.segmenter;

import java.util.List;
import org.medficientsam.segmenter.onnx.ImageEmbedding;
import org.medficientsam.segmenter.volume.Prompt;
import org.medficientsam.segmenter.volume.SliceQuery;

/** An image: encoded once, every box decoded on the one embedding. */
final class ImageSegmenter {
    private ImageSegmenter() {}

    static Segmentation segment(CaseRun run, Progress progress) {
        List<Prompt> prompts = run.prompts();
        if (prompts.isEmpty()) return run.finish(List.of());
        double[] iou = new double[prompts.size()];
        try (ImageEmbedding embedding = run.encode(0)) {
            List<SliceQuery> queries =
                    prompts.stream().map(prompt -> SliceQuery.box(prompt.box())).toList();
            run.decode(embedding, queries, (found, i) -> {
                run.paint(0, found.mask(), prompts.get(i).label());
                iou[i] = found.iou();
                progress.advance(i + 1, prompts.size());
            });
        }
        return run.finish(prompts.stream()
                .map(prompt -> new LabelledObject(
                        prompt.label(), prompt.drawn(), run.voxels(prompt.label()), iou[prompt.label() - 1]))
                .toList());
    }
}
