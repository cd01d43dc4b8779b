package org.medficientsam.function.lambda;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.medficientsam.function.service.BundleFolder;
import org.medficientsam.segmenter.Segmenter;
import org.medficientsam.segmenter.SegmenterOptions;
import org.medficientsam.segmenter.bundle.DefaultBundle;

/**
 * The default bundle, opened while Quarkus starts: Lambda initialises with two processors whatever the memory size. Which bundle
 * that will be is guessed from the environment, as there is no configuration yet; where the guess is wrong, or the bundle is,
 * nothing is lost but the work.
 */
public final class EarlyModel {
    private static @Nullable EarlyModel current;

    private final Path folder;
    private static final List<String> OPTIONS =
            List.of("MEDFICIENTSAM_THREADS", "MEDFICIENTSAM_CACHE_SIZE", "MEDFICIENTSAM_WINDOWS");

    private final SegmenterOptions options;
    private final FutureTask<Segmenter> opening;

    private EarlyModel(Path folder, SegmenterOptions options) {
        this.folder = folder;
        this.options = options;
        this.opening = new FutureTask<>(() -> Segmenter.open(folder, options));
    }

    /** Begins with what the environment says, on a thread of its own. */
    static synchronized void begin(Map<String, String> environment) {
        // Whoever sets these wants other options than the default ones.
        if (OPTIONS.stream().anyMatch(environment::containsKey)) return;
        UnpackedNatives.use(environment);
        Path bundles = Optional.ofNullable(environment.get("MEDFICIENTSAM_BUNDLES"))
                .map(Path::of)
                .or(() -> LambdaEnvironment.bundles(environment))
                .orElseGet(BundleFolder::find);
        Path folder = bundles.resolve(DefaultBundle.id(environment));
        if (!Files.isDirectory(folder)) return;
        EarlyModel early = new EarlyModel(
                folder, SegmenterOptions.defaults().withFileCheck(LambdaEnvironment.fileCheck(environment, folder)));
        Thread thread = new Thread(early.opening, "early-model");
        thread.setDaemon(true);
        thread.start();
        current = early;
    }

    /**
     * The segmenter of that folder with these options if it was begun, waiting for it; the caller owns it. Empty if it was
     * not, or could not be opened: then whoever opens it again hears why.
     */
    public static synchronized Optional<Segmenter> take(Path folder, SegmenterOptions options) {
        EarlyModel early = current;
        current = null;
        if (early == null) return Optional.empty();
        Optional<Segmenter> segmenter = early.await();
        if (early.options.equals(options) && early.folder.toAbsolutePath().equals(folder.toAbsolutePath()))
            return segmenter;
        segmenter.ifPresent(Segmenter::close);
        return Optional.empty();
    }

    private Optional<Segmenter> await() {
        try {
            return Optional.of(opening.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | CancellationException e) {
            return Optional.empty();
        }
    }
}
