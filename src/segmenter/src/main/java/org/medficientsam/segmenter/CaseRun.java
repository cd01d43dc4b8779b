package org.medficientsam.segmenter;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjIntConsumer;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.segmenter.StageClock.Stage;
import org.medficientsam.segmenter.mask.LabelPainter;
import org.medficientsam.segmenter.mask.Mask;
import org.medficientsam.segmenter.mask.MaskPostprocessor;
import org.medficientsam.segmenter.mask.SliceMask;
import org.medficientsam.segmenter.onnx.EncoderInput;
import org.medficientsam.segmenter.onnx.ImageEmbedding;
import org.medficientsam.segmenter.onnx.ImageEncoder;
import org.medficientsam.segmenter.onnx.MaskLogits;
import org.medficientsam.segmenter.picture.Frame;
import org.medficientsam.segmenter.picture.ImageSlice;
import org.medficientsam.segmenter.volume.SliceQuery;
import org.medficientsam.segmenter.volume.SliceQuery.Propagate;

/** One case on its way: the steps that images and volumes share, and the counts and times of their runs. */
final class CaseRun {
    private final ImageArray image;
    private final Rules rules;
    private final Networks networks;
    private final Workers workers;
    private final Frame frame;
    private final MaskPostprocessor postprocessor;
    private final LabelPainter painter;
    private final StageClock clock = new StageClock();
    private final AtomicInteger slicesEncoded = new AtomicInteger();
    private final AtomicInteger boxesDecoded = new AtomicInteger();

    CaseRun(CaseFile caseFile, Rules rules, Networks networks, Workers workers) {
        this.image = caseFile.image();
        this.rules = rules;
        this.networks = networks;
        this.workers = workers;
        frame = new Frame(image.height(), image.width(), networks.inputSize());
        postprocessor = new MaskPostprocessor(frame, networks.maskSize());
        painter = new LabelPainter(LabelMap.blank(caseFile), rules.overlap().ranks(caseFile.boxes()));
    }

    Rules rules() {
        return rules;
    }

    Networks networks() {
        return networks;
    }

    Workers workers() {
        return workers;
    }

    /** Of the case's slices in the network's picture. */
    Frame frame() {
        return frame;
    }

    /** Resizes, scales, pads and encodes slice {@code z}. Safe to call from several threads. */
    ImageEmbedding encode(int z) {
        ImageSlice slice =
                ImageSlice.view(image.data(), image.offset(z), image.height(), image.width(), image.channels());
        try (EncoderInput input = clock.time(Stage.RESIZE, () -> prepare(slice))) {
            slicesEncoded.incrementAndGet();
            return clock.time(Stage.ENCODE, () -> networks.encoder().encode(input));
        }
    }

    private EncoderInput prepare(ImageSlice slice) {
        ImageEncoder encoder = networks.encoder();
        return encoder.prepare(
                encoder.resizes()
                        ? slice
                        : rules.interpolation().resize(slice, frame.scaledHeight(), frame.scaledWidth()),
                frame.inputSize());
    }

    /** Decodes boxes on one embedding, several at once; what is found is handed over in the order of the queries. */
    void decode(ImageEmbedding embedding, List<SliceQuery> queries, ObjIntConsumer<SliceMask> found) {
        int step = 4 * workers.count(); // masks that are held at once
        for (int from = 0; from < queries.size(); from += step) {
            List<Callable<SliceMask>> work = new ArrayList<>();
            for (SliceQuery query : queries.subList(from, Math.min(from + step, queries.size())))
                work.add(() -> decode(embedding, query));
            List<SliceMask> masks = workers.decodeAll(work);
            for (int i = 0; i < masks.size(); i++) found.accept(masks.get(i), from + i);
        }
    }

    private SliceMask decode(ImageEmbedding embedding, SliceQuery query) {
        MaskLogits logits = clock.time(Stage.DECODE, () -> logits(embedding, query));
        boxesDecoded.incrementAndGet();
        Mask mask = clock.time(
                Stage.MASK,
                () -> query instanceof Propagate told
                        ? postprocessor.toMask(logits, told.shape())
                        : postprocessor.toMask(logits));
        return new SliceMask(mask, logits);
    }

    private MaskLogits logits(ImageEmbedding embedding, SliceQuery query) {
        return query instanceof Propagate told
                ? networks.propagator().orElseThrow().decode(embedding, told.box(), told.prompt())
                : networks.decoder().decode(embedding, query.box());
    }

    void paint(int z, Mask mask, int label) {
        clock.time(Stage.MASK, () -> {
            painter.paint(z, mask, label);
            return label;
        });
    }

    /** Voxels that carry the label now. */
    long voxels(int label) {
        return painter.voxels(label);
    }

    Segmentation finish(List<LabelledObject> objects) {
        return new Segmentation(
                painter.map(), objects, clock.timings(), slicesEncoded.get(), boxesDecoded.get(), rules.name());
    }
}
