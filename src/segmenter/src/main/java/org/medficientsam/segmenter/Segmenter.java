package org.medficientsam.segmenter;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.VolumeCase;
import org.medficientsam.segmenter.bundle.InvalidBundleException;
import org.medficientsam.segmenter.bundle.ModelBundle;
import org.medficientsam.segmenter.bundle.ModelManifest;
import org.medficientsam.segmenter.bundle.PropagationParameters;
import org.medficientsam.segmenter.onnx.ImageEncoder;
import org.medficientsam.segmenter.onnx.InferenceException;
import org.medficientsam.segmenter.onnx.MaskDecoder;
import org.medficientsam.segmenter.onnx.MaskPropagator;
import org.medficientsam.segmenter.onnx.SideBySide;

/** A loaded model that segments cases. Safe to use from several threads. */
public final class Segmenter implements AutoCloseable {
    private final ModelBundle bundle;
    private final SegmenterOptions options;
    private final Rules rules;
    private final ImageEncoder imageEncoder;
    private final MaskDecoder decoder;
    private final Workers workers;
    private final ReadWriteLock inUse = new ReentrantReadWriteLock(); // closing waits for requests
    // Of volumes; loaded when the first one comes. Requests for images never wait for it.
    private volatile @Nullable ImageEncoder sliceEncoder;
    private volatile @Nullable MaskPropagator propagator;
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
     * Loads the bundle in {@code folder}: hashes its files, unless told that nobody can have changed them, and loads encoder and decoder.
     * Seconds of work that hold no lock; any number of bundles may be opened at once.
     *
     * @throws InvalidBundleException if the bundle is not what its manifest says, its rules are unknown, or it has no numbers for the
     *     rules that the options name
     * @throws IllegalArgumentException if the options name unknown rules
     */
    public static Segmenter open(Path folder, SegmenterOptions options) {
        return open(ModelBundle.open(folder, options.fileCheck()), options);
    }

    /** As {@link #open(Path, SegmenterOptions)}, of a bundle whose manifest was read before. */
    public static Segmenter open(ModelBundle bundle, SegmenterOptions options) {
        Rules rules = options.rules().map(Rules::named).orElseGet(() -> rulesOf(bundle));
        if (!supports(bundle, rules))
            throw new InvalidBundleException(
                    "rules %s need propagation in the manifest, found none".formatted(rules.name()));
        AtomicReference<@Nullable MaskDecoder> decoder = new AtomicReference<>();
        try {
            ImageEncoder encoder = SideBySide.call(
                    () -> ImageEncoder.open(bundle, options.encoderThreads()),
                    () -> decoder.set(MaskDecoder.open(bundle, 1)));
            return new Segmenter(bundle, options, rules, encoder, Objects.requireNonNull(decoder.get()));
        } catch (RuntimeException e) {
            @Nullable MaskDecoder opened = decoder.get();
            if (opened != null) opened.close();
            throw e;
        }
    }

    private static Rules rulesOf(ModelBundle bundle) {
        String name = bundle.manifest().map(ModelManifest::rules).orElse(Rules.MEDFICIENTSAM.name());
        return Rules.find(name).orElseThrow(() -> new InvalidBundleException(Rules.unknown(name)));
    }

    /** Names of the rules by which such a bundle can segment, its own first. */
    public static List<String> supportedRules(ModelBundle bundle) {
        String own = rulesOf(bundle).name();
        return Stream.concat(
                        Stream.of(own),
                        Rules.names().stream()
                                .filter(name -> !name.equals(own))
                                .filter(name -> supports(bundle, Rules.named(name))))
                .toList();
    }

    private static boolean supports(ModelBundle bundle, Rules rules) {
        return !rules.propagation().isFitted() || parameters(bundle).isPresent();
    }

    private static Optional<PropagationParameters> parameters(ModelBundle bundle) {
        return bundle.manifest().flatMap(ModelManifest::propagation);
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

    /** Whether the bundle has what the rules need: numbers fitted to its weights, in its manifest, for {@code steady}; else true. */
    public boolean supports(Rules asked) {
        return supports(bundle, asked);
    }

    /** @see #segment(CaseFile, CaseOptions) */
    public Segmentation segment(CaseFile caseFile) {
        return segment(caseFile, CaseOptions.of(rules));
    }

    /** @see #segment(CaseFile, CaseOptions) */
    public Segmentation segment(CaseFile caseFile, Progress progress) {
        return segment(caseFile, CaseOptions.of(rules).with(progress));
    }

    /** @see #segment(CaseFile, CaseOptions) */
    public Segmentation segment(CaseFile caseFile, Rules rules, Progress progress) {
        return segment(caseFile, CaseOptions.of(rules).with(progress));
    }

    /**
     * Segments every box of the case; a case without boxes gives a blank label map and runs nothing.
     *
     * @throws IllegalArgumentException if the bundle does not {@linkplain #supports support} the rules
     * @throws InferenceException if the runtime fails
     * @throws InvalidBundleException if the first volume has the propagator loaded, and it is not what it must be
     * @throws SegmentationStoppedException if the listener says so or the thread is interrupted
     * @throws IllegalStateException if the segmenter is closed
     */
    public Segmentation segment(CaseFile caseFile, CaseOptions asked) {
        if (!supports(asked.rules()))
            throw new IllegalArgumentException("rules %s need a bundle with propagation, got %s"
                    .formatted(asked.rules().name(), bundle.id()));
        inUse.readLock().lock();
        try {
            if (closed) throw new IllegalStateException("segmenter is closed");
            return caseFile instanceof VolumeCase volume ? follow(volume, asked) : decode(caseFile, asked);
        } finally {
            inUse.readLock().unlock();
        }
    }

    private Segmentation follow(VolumeCase volume, CaseOptions asked) {
        Networks networks = new Networks(sliceEncoder(), decoder, propagator(asked.rules()));
        EmbeddingSource embeddings =
                new EmbeddingSource(bundle.sha256(), asked.rules(), networks.encoder(), true, asked.kept());
        CaseRun run = new CaseRun(volume, networks, workers, embeddings, cut(asked));
        return new VolumeSegmenter(volume, run, parameters(bundle)).segment(options.cacheBytes(), asked.progress());
    }

    private Segmentation decode(CaseFile image, CaseOptions asked) {
        Rules bounded = options.mostWindows().isPresent()
                ? asked.rules().withMostWindows(options.mostWindows().getAsInt())
                : asked.rules();
        Networks networks = new Networks(imageEncoder, decoder, Optional.empty());
        EmbeddingSource embeddings = new EmbeddingSource(bundle.sha256(), bounded, imageEncoder, false, asked.kept());
        return ImageSegmenter.segment(
                image.boxes(), new CaseRun(image, networks, workers, embeddings, cut(asked)), asked.progress());
    }

    /**
     * Encodes an image before its boxes are known, for the embeddings that {@code asked} keeps. Runs nothing for a volume, and where the
     * image's embedding is there already.
     *
     * @throws InferenceException if the runtime fails
     * @throws SegmentationStoppedException if the thread is interrupted while another encodes the same image
     * @throws IllegalStateException if the segmenter is closed
     */
    public void encode(CaseFile image, CaseOptions asked) {
        if (image instanceof VolumeCase || asked.kept().isEmpty()) return;
        inUse.readLock().lock();
        try {
            if (closed) throw new IllegalStateException("segmenter is closed");
            Networks networks = new Networks(imageEncoder, decoder, Optional.empty());
            EmbeddingSource embeddings =
                    new EmbeddingSource(bundle.sha256(), asked.rules(), imageEncoder, false, asked.kept());
            new CaseRun(image, networks, workers, embeddings, cut(asked))
                    .encode(0)
                    .close();
        } finally {
            inUse.readLock().unlock();
        }
    }

    private static MaskCut cut(CaseOptions asked) {
        return new MaskCut(asked.threshold(), asked.masks());
    }

    /** Slices of a volume are encoded one per thread; runs that share threads get into each other's way. */
    private synchronized ImageEncoder sliceEncoder() {
        if (options.encoderThreads() == 1) return imageEncoder;
        ImageEncoder loaded = sliceEncoder != null ? sliceEncoder : ImageEncoder.open(bundle, 1);
        sliceEncoder = loaded;
        return loaded;
    }

    private synchronized Optional<MaskPropagator> propagator(Rules rules) {
        if (!rules.propagation().isFitted() || !bundle.hasPropagator()) return Optional.empty();
        MaskPropagator loaded = propagator != null ? propagator : MaskPropagator.open(bundle, 1);
        propagator = loaded;
        return Optional.of(loaded);
    }

    /** Embeddings in native memory now; 0 when no request is under way. */
    public int openEmbeddings() {
        ImageEncoder slices = sliceEncoder;
        return imageEncoder.openEmbeddings() + (slices == null ? 0 : slices.openEmbeddings());
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
            ImageEncoder slices = sliceEncoder;
            if (slices != null) slices.close();
            MaskPropagator loaded = propagator;
            if (loaded != null) loaded.close();
        } finally {
            inUse.writeLock().unlock();
        }
    }
}
