package org.medficientsam.segmenter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
import org.medficientsam.segmenter.mask.ShapeTerm;
import org.medficientsam.segmenter.mask.SliceMask;
import org.medficientsam.segmenter.onnx.EncoderInput;
import org.medficientsam.segmenter.onnx.ImageEmbedding;
import org.medficientsam.segmenter.onnx.ImageEncoder;
import org.medficientsam.segmenter.onnx.MaskDecoder;
import org.medficientsam.segmenter.onnx.MaskLogits;
import org.medficientsam.segmenter.onnx.MaskPropagator;
import org.medficientsam.segmenter.picture.Frame;
import org.medficientsam.segmenter.picture.ImageSlice;
import org.medficientsam.segmenter.volume.Prompt;
import org.medficientsam.segmenter.volume.SliceQuery;

/** One case on its way: the steps that images and volumes share, and the counts and times of their runs. */
final class CaseRun {
    private final CaseFile caseFile;
    private final Rules rules;
    private final ImageEncoder encoder;
    private final MaskDecoder decoder;
    private final Optional<MaskPropagator> propagator;
    private final Workers workers;
    private final Frame frame;
    private final MaskPostprocessor postprocessor;
    private final LabelPainter painter;
    private final StageClock clock = new StageClock();
    private final AtomicInteger slicesEncoded = new AtomicInteger();
    private final AtomicInteger boxesDecoded = new AtomicInteger();

    /** @param propagator decodes in the decoder's place, where there is one */
    CaseRun(
            CaseFile caseFile,
            Rules rules,
            ImageEncoder encoder,
            MaskDecoder decoder,
            Optional<MaskPropagator> propagator,
            Workers workers) {
        this.caseFile = caseFile;
        this.rules = rules;
        this.encoder = encoder;
        this.decoder = decoder;
        this.propagator = propagator;
        this.workers = workers;
        ImageArray image = caseFile.image();
        // A graph that resizes by itself does not tell its size; its decoder's masks have it.
        int inputSize = encoder.resizes() ? decoder.maskSize() : encoder.inputSize();
        frame = new Frame(image.height(), image.width(), inputSize);
        postprocessor = new MaskPostprocessor(frame, decoder.maskSize());
        painter = new LabelPainter(LabelMap.blank(caseFile), rules.overlap().ranks(caseFile.boxes()));
    }

    /** One prompt per box, in their order. */
    List<Prompt> prompts() {
        List<Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < caseFile.boxes().size(); i++)
            prompts.add(rules.prompt(i + 1, caseFile.boxes().get(i), frame));
        return prompts;
    }

    /** Resizes, scales, pads and encodes slice {@code z}. Safe to call from several threads. */
    ImageEmbedding encode(int z) {
        ImageArray image = caseFile.image();
        ImageSlice slice =
                ImageSlice.view(image.data(), image.offset(z), image.height(), image.width(), image.channels());
        try (EncoderInput input = clock.time(Stage.RESIZE, () -> prepare(slice))) {
            slicesEncoded.incrementAndGet();
            return clock.time(Stage.ENCODE, () -> encoder.encode(input));
        }
    }

    private EncoderInput prepare(ImageSlice slice) {
        return encoder.prepare(
                encoder.resizes()
                        ? slice
                        : rules.interpolation().resize(slice, frame.scaledHeight(), frame.scaledWidth()));
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
        MaskLogits logits = clock.time(Stage.DECODE, () -> propagator
                .map(p -> p.decode(embedding, query.box(), query.volume().orElseThrow()))
                .orElseGet(() -> decoder.decode(embedding, query.box())));
        boxesDecoded.incrementAndGet();
        Mask mask = clock.time(Stage.MASK, () -> toMask(query, logits));
        return new SliceMask(mask, logits, query.box());
    }

    /** The term is made for propagators; a plain decoder's logits are taken as they are. */
    private Mask toMask(SliceQuery query, MaskLogits logits) {
        if (propagator.isEmpty() || query.shaped().isEmpty()) return postprocessor.toMask(logits);
        double height = query.volume().orElseThrow().height();
        return postprocessor.toMask(logits, ShapeTerm.of(query.shaped().get().drawn(), frame, height, logits.size()));
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
