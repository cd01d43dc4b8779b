package org.medficientsam.function;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.medficientsam.segmenter.Segmenter;
import org.medficientsam.segmenter.SegmenterOptions;

/**
 * The bundles that are open. The default one stays, others are opened when first asked for; when there are too many, the one that
 * nobody uses and that was idle for longest is closed.
 */
@ApplicationScoped
class OpenBundles {
    private static final Logger LOG = Logger.getLogger(OpenBundles.class);

    private final BundleFolder folder;
    private final String defaultId;
    private final int most;
    private final SegmenterOptions options;
    private final Map<String, Open> open = new HashMap<>();
    private long clock;

    @Inject
    OpenBundles(BundleFolder folder, FunctionConfig config) {
        this(folder, config.bundle(), config.openBundles(), options(config));
    }

    OpenBundles(BundleFolder folder, String defaultId, int most, SegmenterOptions options) {
        this.folder = folder;
        this.defaultId = defaultId;
        this.most = most;
        this.options = options;
    }

    private static SegmenterOptions options(FunctionConfig config) {
        int threads =
                config.threads() > 0 ? config.threads() : Runtime.getRuntime().availableProcessors();
        return SegmenterOptions.threads(threads)
                .withCacheBytes(config.cacheSize().asLongValue());
    }

    private static final class Open {
        final Segmenter segmenter;
        final SegmentationResult.Model model;
        int users;
        long lastUsed;
        boolean warm;

        Open(Segmenter segmenter) {
            this.segmenter = segmenter;
            this.model = SegmentationResult.Model.of(segmenter.bundle());
        }
    }

    /**
     * A segmenter for one case, opened if need be. It stays open until the loan is closed.
     *
     * @param id empty for the default bundle
     * @throws ProblemException {@link Problem#UNKNOWN_MODEL}, or {@link Problem#BUSY} if all that may be open are in use
     */
    synchronized Loan borrow(Optional<String> id) {
        String wanted = id.orElse(defaultId);
        Open bundle = open.get(wanted);
        if (bundle == null) {
            bundle = open(wanted);
        }
        bundle.users++;
        bundle.lastUsed = ++clock;
        return new Loan(bundle);
    }

    private Open open(String id) {
        var path = folder.resolve(id);
        if (open.size() >= most) {
            closeOne();
        }
        SegmenterOptions checked = options.withFileCheck(LambdaEnvironment.fileCheck(System.getenv(), path));
        Optional<Segmenter> early = EarlyModel.take(path, checked);
        Open bundle = new Open(early.orElseGet(() -> Segmenter.open(path, checked)));
        open.put(id, bundle);
        LOG.infof(early.isPresent() ? "opened bundle %s, beside Quarkus" : "opened bundle %s", id);
        return bundle;
    }

    private void closeOne() {
        Map.Entry<String, Open> idlest = open.entrySet().stream()
                .filter(entry -> entry.getValue().users == 0 && !entry.getKey().equals(defaultId))
                .min(Comparator.comparingLong(entry -> entry.getValue().lastUsed))
                .orElseThrow(() -> new ProblemException(
                        Problem.BUSY, "%d bundles are open and in use; try again later".formatted(open.size())));
        open.remove(idlest.getKey());
        idlest.getValue().segmenter.close();
        LOG.infof("closed bundle %s", idlest.getKey());
    }

    private synchronized void giveBack(Open bundle) {
        bundle.users--;
    }

    @PreDestroy
    synchronized void closeAll() {
        open.values().forEach(bundle -> bundle.segmenter.close());
        open.clear();
    }

    /** A segmenter in use. */
    final class Loan implements AutoCloseable {
        private final Open bundle;

        private Loan(Open bundle) {
            this.bundle = bundle;
        }

        SegmentationResult.Model model() {
            return bundle.model;
        }

        Segmenter segmenter() {
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
            giveBack(bundle);
        }
    }
}
