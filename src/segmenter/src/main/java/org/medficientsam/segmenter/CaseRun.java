package org.medficientsam.segmenter;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.medficientsam.casefile.Box;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.segmenter.MaskCut.Found;
import org.medficientsam.segmenter.StageClock.Stage;
import org.medficientsam.segmenter.mask.LabelPainter;
import org.medficientsam.segmenter.mask.Mask;
import org.medficientsam.segmenter.mask.ShapeTerm;
import org.medficientsam.segmenter.onnx.EncoderInput;
import org.medficientsam.segmenter.onnx.ImageEmbedding;
import org.medficientsam.segmenter.onnx.ImageEncoder;
import org.medficientsam.segmenter.onnx.MaskLogits;
import org.medficientsam.segmenter.picture.Frame;
import org.medficientsam.segmenter.picture.ImageSlice;
import org.medficientsam.segmenter.picture.MinMaxScaling;
import org.medficientsam.segmenter.volume.SliceQuery;
import org.medficientsam.segmenter.volume.SliceQuery.Propagate;
import org.medficientsam.segmenter.window.Window;
import org.medficientsam.segmenter.window.WindowPlan;
import org.medficientsam.segmenter.window.WindowPlan.Look;

/** One case on its way: the steps that images and volumes share, and the counts and times of their runs. */
final class CaseRun {
    private final ImageArray image;
    private final Rules rules;
    private final Networks networks;
    private final Workers workers;
    private final EmbeddingSource embeddings;
    private final MaskCut cut;
    private final View whole;
    private final LabelPainter painter;
    private final StageClock clock = new StageClock();
    private final AtomicInteger slicesEncoded = new AtomicInteger();
    private final AtomicInteger boxesDecoded = new AtomicInteger();

    CaseRun(CaseFile caseFile, Networks networks, Workers workers, EmbeddingSource embeddings, MaskCut cut) {
        this.image = caseFile.image();
        this.rules = embeddings.rules();
        this.networks = networks;
        this.workers = workers;
        this.embeddings = embeddings;
        this.cut = cut;
        whole = View.of(Window.whole(image.height(), image.width()), networks);
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
        return whole.frame();
    }

    /** Resizes, scales, pads and encodes slice {@code z}. Safe to call from several threads. */
    ImageEmbedding encode(int z) {
        return embeddings.get(z, whole, () -> encode(() -> prepare(slice(z))));
    }

    private EncoderInput prepare(ImageSlice slice) {
        ImageEncoder encoder = networks.encoder();
        return encoder.prepare(
                encoder.resizes() ? slice : resized(slice, whole.frame()),
                whole.frame().inputSize());
    }

    /** The same of a window of an image, as bright as in the whole image. */
    ImageEmbedding encode(View view) {
        return view == whole ? encode(0) : embeddings.get(0, view, () -> encode(() -> prepare(view)));
    }

    private EncoderInput prepare(View view) {
        Window window = view.window();
        ImageSlice slice = slice(0);
        ImageSlice part = slice.part(window.x(), window.y(), window.height(), window.width());
        return networks.encoder()
                .prepare(
                        resized(part, view.frame()),
                        MinMaxScaling.of(slice),
                        view.frame().inputSize());
    }

    /** All of the case's slices, or a window of an image. */
    View view(Window window) {
        // Not by equals: for a record's the JVM would make classes first.
        boolean all = window.width() == image.width() && window.height() == image.height();
        return all ? whole : View.of(window, networks);
    }

    private ImageSlice slice(int z) {
        return ImageSlice.view(image.data(), image.offset(z), image.height(), image.width(), image.channels());
    }

    private ImageSlice resized(ImageSlice slice, Frame frame) {
        return rules.interpolation().resize(slice, frame.scaledHeight(), frame.scaledWidth());
    }

    private ImageEmbedding encode(Supplier<EncoderInput> prepare) {
        try (EncoderInput input = clock.time(Stage.RESIZE, prepare)) {
            slicesEncoded.incrementAndGet();
            return clock.time(Stage.ENCODE, () -> networks.encoder().encode(input));
        }
    }

    /** Decodes boxes on the embedding of a whole slice, several at once; what is found is handed over in the order of the queries. */
    void decode(ImageEmbedding embedding, List<SliceQuery> queries, ObjIntConsumer<Found> found) {
        decode(embedding, whole, queries, found);
    }

    /** The same on the embedding of a view: masks are of its window. */
    void decode(ImageEmbedding embedding, View view, List<SliceQuery> queries, ObjIntConsumer<Found> found) {
        int step = 4 * workers.count(); // masks that are held at once
        for (int from = 0; from < queries.size(); from += step) {
            List<Callable<Found>> work = new ArrayList<>();
            for (SliceQuery query : queries.subList(from, Math.min(from + step, queries.size())))
                work.add(() -> decode(embedding, view, query));
            List<Found> masks = workers.decodeAll(work);
            for (int i = 0; i < masks.size(); i++) found.accept(masks.get(i), from + i);
        }
    }

    private Found decode(ImageEmbedding embedding, View view, SliceQuery query) {
        MaskLogits logits = clock.time(Stage.DECODE, () -> logits(embedding, query));
        boxesDecoded.incrementAndGet();
        ShapeTerm term = query instanceof Propagate told
                ? told.shape()
                : view.postprocessor().noTerm();
        return clock.time(Stage.MASK, () -> cut.apply(view, logits, term));
    }

    private MaskLogits logits(ImageEmbedding embedding, SliceQuery query) {
        return query instanceof Propagate told
                ? networks.propagator().orElseThrow().decode(embedding, told.box(), told.prompt())
                : networks.decoder().decode(embedding, query.box());
    }

    /**
     * Paints what was found in slice {@code z}.
     *
     * @param kept what of a mask of the view is taken, as a mask of the slice
     */
    void paint(int z, Found found, int label, UnaryOperator<Mask> kept) {
        clock.time(Stage.MASK, () -> {
            Mask mask = kept.apply(found.cut());
            painter.paint(z, mask, label);
            cut.tell(label - 1, z, mask, found, kept);
            return label;
        });
    }

    /** What is taken of a view's mask: where it lies within the box and the margin that the rules leave it. */
    UnaryOperator<Mask> within(View view, Box box) {
        return mask -> {
            Mask placed = view.inPicture(mask, image.height(), image.width());
            return rules.margin()
                    .map(margin -> margin.kept(placed, box, view.frame().imagePixels()))
                    .orElse(placed);
        };
    }

    /** How an image's boxes are looked at. */
    List<Look> looks(List<? extends Box> boxes) {
        return rules.windows().isEmpty() || networks.encoder().resizes()
                ? WindowPlan.whole(boxes, image.height(), image.width())
                : WindowPlan.of(rules.windows().get(), boxes, image.height(), image.width(), networks.inputSize());
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
