package org.medficientsam.segmenter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.VolumeCase;
import org.medficientsam.segmenter.bundle.PropagationParameters;
import org.medficientsam.segmenter.onnx.EmbeddingCache;
import org.medficientsam.segmenter.onnx.ImageEmbedding;
import org.medficientsam.segmenter.volume.BoxPropagation;
import org.medficientsam.segmenter.volume.ObjectTrack;
import org.medficientsam.segmenter.volume.Prompt;
import org.medficientsam.segmenter.volume.PropagatorPrompts;
import org.medficientsam.segmenter.volume.SweepPlan;
import org.medficientsam.segmenter.volume.SweepPlan.Visit;

/** A volume: every object is followed slice by slice from the middle of its box, the box of a slice made from the mask before. */
final class VolumeSegmenter {
    private final CaseRun run;
    private final List<ObjectTrack> tracks;

    /** @param parameters the bundle's, for rules that are fitted to it */
    VolumeSegmenter(VolumeCase volume, CaseRun run, Optional<PropagationParameters> parameters) {
        this.run = run;
        int depth = volume.image().depth();
        List<Prompt> prompts = new ArrayList<>();
        for (Box3D box : volume.boxes()) prompts.add(run.rules().prompt(prompts.size() + 1, box, run.frame()));
        int maskSize = run.networks().maskSize();
        Optional<PropagatorPrompts> told = run.networks()
                .propagator()
                .flatMap(propagator -> parameters)
                .map(fitted -> new PropagatorPrompts(prompts, fitted.shape(), maskSize));
        BoxPropagation propagation = run.rules().propagation().with(parameters);
        tracks = prompts.stream()
                .map(prompt -> new ObjectTrack(
                        prompt, propagation, told, depth, run.rules().lastSliceIncluded()))
                .toList();
    }

    /** @param cacheBytes that embeddings waiting for the way down may hold */
    Segmentation segment(long cacheBytes, Progress progress) {
        Workers workers = run.workers();
        SweepPlan plan = SweepPlan.of(tracks, cacheBytes / run.networks().embeddingBytes());
        int done = 0;
        try (EmbeddingCache cache = new EmbeddingCache(cacheBytes);
                EncodeAhead ahead =
                        new EncodeAhead(workers.encoding(), workers.count() + 1, plan.encodes(), run::encode)) {
            for (Visit visit : plan.visits()) {
                follow(visit, cache, ahead);
                progress.advance(++done, plan.visits().size());
            }
        }
        return run.finish(tracks.stream()
                .map(track -> new LabelledObject(track.label(), track.drawn(), run.voxels(track.label()), track.iou()))
                .toList());
    }

    private void follow(Visit visit, EmbeddingCache cache, EncodeAhead ahead) {
        int z = visit.z();
        ImageEmbedding embedding = visit.cached() ? cache.take(z) : ahead.next();
        try {
            List<ObjectTrack> visited = visit.objects();
            run.decode(
                    embedding, visited.stream().map(track -> track.queryIn(z)).toList(), (found, i) -> {
                        ObjectTrack track = visited.get(i);
                        track.found(z, found.slice());
                        run.paint(z, found, track.label(), track::believed);
                    });
        } catch (RuntimeException e) {
            embedding.close();
            throw e;
        }
        if (visit.kept()) cache.put(z, embedding);
        else embedding.close();
    }
}
