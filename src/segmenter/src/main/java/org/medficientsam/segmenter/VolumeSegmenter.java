package org.medficientsam.segmenter;

import java.util.List;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.segmenter.onnx.EmbeddingCache;
import org.medficientsam.segmenter.onnx.ImageEmbedding;
import org.medficientsam.segmenter.volume.ObjectTrack;
import org.medficientsam.segmenter.volume.OtherPrompts;
import org.medficientsam.segmenter.volume.Prompt;
import org.medficientsam.segmenter.volume.SweepPlan;
import org.medficientsam.segmenter.volume.SweepPlan.Visit;

/** A volume: every object is followed slice by slice from the middle of its box, the box of a slice made from the mask before. */
final class VolumeSegmenter {
    private VolumeSegmenter() {}

    /** @param cacheBytes that embeddings waiting for the way down may hold */
    static Segmentation segment(
            CaseFile caseFile,
            Rules rules,
            CaseRun run,
            Workers workers,
            long cacheBytes,
            long embeddingBytes,
            Progress progress) {
        int depth = caseFile.image().depth();
        List<Prompt> prompts = run.prompts();
        OtherPrompts others = new OtherPrompts(prompts);
        List<ObjectTrack> tracks = prompts.stream()
                .map(prompt -> new ObjectTrack(prompt, others, rules.propagation(), rules.lastSliceIncluded(), depth))
                .toList();
        SweepPlan plan = SweepPlan.of(tracks, depth, cacheBytes / embeddingBytes);
        int done = 0;
        try (EmbeddingCache cache = new EmbeddingCache(cacheBytes);
                EncodeAhead ahead =
                        new EncodeAhead(workers.encoding(), workers.count() + 1, plan.encodes(), run::encode)) {
            for (Visit visit : plan.visits()) {
                follow(run, visit, cache, ahead);
                progress.advance(++done, plan.visits().size());
            }
        }
        return run.finish(tracks.stream()
                .map(track -> new LabelledObject(track.label(), track.drawn(), run.voxels(track.label()), track.iou()))
                .toList());
    }

    private static void follow(CaseRun run, Visit visit, EmbeddingCache cache, EncodeAhead ahead) {
        int z = visit.z();
        ImageEmbedding embedding = visit.cached() ? cache.take(z) : ahead.next();
        try {
            List<ObjectTrack> tracks = visit.objects();
            run.decode(embedding, tracks.stream().map(track -> track.queryIn(z)).toList(), (found, i) -> {
                ObjectTrack track = tracks.get(i);
                run.paint(z, track.found(z, found), track.label());
            });
        } catch (RuntimeException e) {
            embedding.close();
            throw e;
        }
        if (visit.kept()) cache.put(z, embedding);
        else embedding.close();
    }
}
