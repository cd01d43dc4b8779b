package org.medficientsam.segmenter;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.VolumeCase;
import org.medficientsam.segmenter.bundle.InvalidBundleException;
import org.medficientsam.segmenter.bundle.ModelBundle;
import org.medficientsam.segmenter.bundle.ModelManifest;
import org.medficientsam.segmenter.onnx.ImageEncoder;
import org.medficientsam.segmenter.onnx.InferenceException;
import org.medficientsam.segmenter.onnx.MaskDecoder;
import org.medficientsam.segmenter.onnx.MaskPropagator;

/** A loaded model that segments cases. Safe to use from several threads. */
public final class Segmenter implements AutoCloseable {
    private final ModelBundle bundle;
    private final SegmenterOptions options;
    private final Rules rules;
    private final ImageEncoder imageEncoder;
    private final MaskDecoder decoder;
    private final Workers workers;
    private final ReadWriteLock inUse = new ReentrantReadWriteLock(); // closing waits for requests
    // Of volumes; loaded when the first one comes.
    private @Nullable ImageEncoder sliceEncoder;
    private @Nullable MaskPropagator propagator;
    private boolean closed;

    private Segmenter(
            ModelBundle bundle, SegmenterOptions options, Rules rules, ImageEncoder imageEncoder, MaskDecoder decoder) {
        this.bundle = bundle;
        this.options = options;
        this.rules = rules;
        this.imageEncoder = imageEncoder;
        this.decoder = decoder;
        this.workers = new Workers(options.workers());
    }

    /**
     * Loads the bundle in {@code folder}.
     *
     * @throws InvalidBundleException if the bundle is not what its manifest says, or its rules are unknown
     * @throws IllegalArgumentException if the options name unknown rules
     */
    public static Segmenter open(Path folder, SegmenterOptions options) {
        ModelBundle bundle = ModelBundle.open(folder, options.fileCheck());
        Rules rules = options.rules().map(Rules::named).orElseGet(() -> rulesOf(bundle));
        ImageEncoder encoder = ImageEncoder.open(bundle, options.encoderThreads());
        try {
            return new Segmenter(bundle, options, rules, encoder, MaskDecoder.open(bundle, 1));
        } catch (InvalidBundleException e) {
            encoder.close();
            throw e;
        }
    }

    private static Rules rulesOf(ModelBundle bundle) {
        String name = bundle.manifest().map(ModelManifest::rules).orElse(Rules.MEDFICIENTSAM.name());
        return Rules.find(name).orElseThrow(() -> new InvalidBundleException(Rules.unknown(name)));
    }

    /** The loaded bundle's id, hash and manifest. */
    public ModelBundle bundle() {
        return bundle;
    }

    /** Empty for files as the original project exports them. */
    public Optional<ModelManifest> manifest() {
        return bundle.manifest();
    }

    /** The rules it segments by unless asked for others. */
    public Rules rules() {
        return rules;
    }

    /** @see #segment(CaseFile, Rules, Progress) */
    public Segmentation segment(CaseFile caseFile) {
        return segment(caseFile, rules, Progress.NONE);
    }

    /** @see #segment(CaseFile, Rules, Progress) */
    public Segmentation segment(CaseFile caseFile, Progress progress) {
        return segment(caseFile, rules, progress);
    }

    /**
     * Segments every box of the case; a case without boxes gives a blank label map and runs nothing.
     *
     * @throws InferenceException if the runtime fails
     * @throws SegmentationStoppedException if {@code progress} says so or the thread is interrupted
     * @throws IllegalStateException if the segmenter is closed
     */
    public Segmentation segment(CaseFile caseFile, Rules rules, Progress progress) {
        inUse.readLock().lock();
        try {
            if (closed) throw new IllegalStateException("segmenter is closed");
            if (!(caseFile instanceof VolumeCase))
                return ImageSegmenter.segment(
                        new CaseRun(caseFile, rules, imageEncoder, decoder, Optional.empty(), workers), progress);
            return VolumeSegmenter.segment(
                    caseFile,
                    rules,
                    new CaseRun(caseFile, rules, sliceEncoder(), decoder, propagator(rules), workers),
                    workers,
                    options.cacheBytes(),
                    decoder.embeddingBytes(),
                    progress);
        } finally {
            inUse.readLock().unlock();
        }
    }

    /** Slices of a volume are encoded one per thread; runs that share threads get into each other's way. */
    private synchronized ImageEncoder sliceEncoder() {
        if (options.encoderThreads() == 1) return imageEncoder;
        if (sliceEncoder == null) sliceEncoder = ImageEncoder.open(bundle, 1);
        return sliceEncoder;
    }

    private synchronized Optional<MaskPropagator> propagator(Rules rules) {
        if (!rules.propagation().promptsWithMask() || !bundle.hasPropagator()) return Optional.empty();
        if (propagator == null) propagator = MaskPropagator.open(bundle, 1);
        return Optional.of(propagator);
    }

    /** Embeddings in native memory now; 0 when no request is under way. */
    public synchronized int openEmbeddings() {
        return imageEncoder.openEmbeddings() + (sliceEncoder == null ? 0 : sliceEncoder.openEmbeddings());
    }

    /** Waits for requests that are under way, then frees the model; again is harmless. */
    @Override
    public void close() {
        inUse.writeLock().lock();
        try {
            if (closed) return;
            closed = true;
            workers.close();
            imageEncoder.close();
            decoder.close();
            if (sliceEncoder != null) sliceEncoder.close();
            if (propagator != null) propagator.close();
        } finally {
            inUse.writeLock().unlock();
        }
    }
}
