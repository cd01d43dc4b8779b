package org.medficientsam.function.service;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.medficientsam.segmenter.Segmenter;
import org.medficientsam.segmenter.SegmenterOptions;

/**
 * The bundles that are open. The default one stays, others are opened when first asked for; when there are too many, the one that
 * nobody uses and that was idle for longest is closed. Opening and closing take seconds and hold no lock: only who wants the very
 * bundle waits for it.
 */
@ApplicationScoped
public class OpenBundles {
    private static final Logger LOG = Logger.getLogger(OpenBundles.class);

    private final BundleFolder folder;
    private final String defaultId;
    private final int most;
    private final SegmenterOptions options;
    private final SegmenterOpener opener;
    private final Map<String, Open> open = new HashMap<>();
    /** One stays, so that graphs which come and go use the same arena of the C library (see SideBySide). */
    private final ExecutorService threads =
            new ThreadPoolExecutor(1, Integer.MAX_VALUE, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), work -> {
                Thread thread = new Thread(work, "open-bundle");
                thread.setDaemon(true);
                return thread;
            });

    private long clock;
    private boolean stopping;

    @Inject
    OpenBundles(BundleFolder folder, FunctionConfig config, SegmenterOpener opener) {
        this(folder, config.bundleId(), config.openBundles(), options(config), opener);
    }

    OpenBundles(BundleFolder folder, String defaultId, int most, SegmenterOptions options, SegmenterOpener opener) {
        this.folder = folder;
        this.defaultId = defaultId;
        this.most = most;
        this.options = options;
        this.opener = opener;
    }

    private static SegmenterOptions options(FunctionConfig config) {
        SegmenterOptions options = SegmenterOptions.threads(config.workers())
                .withCacheBytes(config.cacheSize().asLongValue());
        return config.windows().isPresent()
                ? options.withMostWindows(config.windows().getAsInt())
                : options;
    }

    /** A bundle that is open, or about to be. */
    private static final class Open {
        final FutureTask<Bundle> opening;
        int users;
        long lastUsed;

        Open(FutureTask<Bundle> opening) {
            this.opening = opening;
        }
    }

    private static final class Bundle {
        final Segmenter segmenter;
        final SegmentationResult.Model model;
        boolean warm;

        Bundle(Segmenter segmenter) {
            this.segmenter = segmenter;
            this.model = SegmentationResult.Model.of(segmenter.bundle());
        }
    }

    /**
     * A segmenter for one case, opened if need be. It stays open until the loan is closed.
     *
     * @param id empty for the default bundle
     * @throws ProblemException {@link Problem#UNKNOWN_MODEL}, or {@link Problem#BUSY} if all that may be open are in use
     * @throws InterruptedException if nobody waits for it any more
     */
    public Loan borrow(Optional<String> id) throws InterruptedException {
        String wanted = id.orElse(defaultId);
        Open bundle = use(wanted).orElseGet(() -> useOrBegin(wanted, folder.resolve(wanted)));
        try {
            return new Loan(bundle, bundle.opening.get());
        } catch (ExecutionException e) {
            forget(wanted, bundle);
            if (e.getCause() instanceof RuntimeException failure) throw failure;
            if (e.getCause() instanceof Error failure) throw failure;
            throw new IllegalStateException("opening a bundle throws nothing checked", e);
        } catch (InterruptedException e) {
            giveBack(bundle);
            throw e;
        }
    }

    /**
     * The id that a request means.
     *
     * @throws ProblemException {@link Problem#UNKNOWN_MODEL}
     */
    String known(Optional<String> id) {
        String wanted = id.orElse(defaultId);
        synchronized (this) {
            if (open.containsKey(wanted)) return wanted;
        }
        folder.resolve(wanted);
        return wanted;
    }

    private synchronized Optional<Open> use(String id) {
        @Nullable Open bundle = open.get(id);
        if (bundle == null) return Optional.empty();
        bundle.users++;
        bundle.lastUsed = ++clock;
        return Optional.of(bundle);
    }

    private synchronized Open useOrBegin(String id, Path path) {
        if (stopping) throw new ProblemException(Problem.BUSY, "the service is stopping");
        if (!open.containsKey(id)) {
            Optional<Open> evicted = open.size() >= most ? Optional.of(evict()) : Optional.empty();
            FutureTask<Bundle> opening = new FutureTask<>(() -> {
                evicted.ifPresent(OpenBundles::close); // first, so that memory never holds more than may be open
                return new Bundle(opener.open(path, options));
            });
            open.put(id, new Open(opening));
            // On a thread of its own: who wants the bundle first may leave before it is open.
            threads.execute(opening);
        }
        return use(id).orElseThrow();
    }

    /** Takes the idlest bundle out; who takes its place closes it. */
    private Open evict() {
        String idlest = open.entrySet().stream()
                .filter(entry -> entry.getValue().users == 0 && !entry.getKey().equals(defaultId))
                .min(Comparator.comparingLong(entry -> entry.getValue().lastUsed))
                .orElseThrow(() -> new ProblemException(
                        Problem.BUSY, "%d bundles are open and in use; try again later".formatted(open.size())))
                .getKey();
        LOG.infof("closing bundle %s", idlest);
        return open.remove(idlest);
    }

    private static void close(Open bundle) {
        try {
            bundle.opening.get().segmenter.close();
        } catch (ExecutionException e) {
            LOG.debug("a bundle that could not be opened needs no closing", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** So that the next request tries again. */
    private synchronized void forget(String id, Open bundle) {
        open.remove(id, bundle);
    }

    private synchronized void giveBack(Open bundle) {
        bundle.users--;
    }

    @PreDestroy
    void closeAll() {
        Map<String, Open> all;
        synchronized (this) {
            stopping = true;
            all = Map.copyOf(open);
            open.clear();
        }
        all.values().forEach(OpenBundles::close);
        threads.shutdown();
    }

    /** A segmenter in use. */
    public final class Loan implements AutoCloseable {
        private final Open open;
        private final Bundle bundle;

        private Loan(Open open, Bundle bundle) {
            this.open = open;
            this.bundle = bundle;
        }

        /** What an answer says of the bundle. */
        public SegmentationResult.Model model() {
            return bundle.model;
        }

        /** Open as long as this loan is. */
        public Segmenter segmenter() {
            return bundle.segmenter;
        }

        /** Runs one inference, unless one has run already. */
        void warm() {
            synchronized (bundle) {
                if (!bundle.warm) WarmUp.warm(bundle.segmenter);
                bundle.warm = true;
            }
        }

        @Override
        public void close() {
            giveBack(open);
        }
    }
}
