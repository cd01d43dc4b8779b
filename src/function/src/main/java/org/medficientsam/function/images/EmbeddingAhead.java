package org.medficientsam.function.images;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.function.admission.AdmissionControl;
import org.medficientsam.function.admission.CaseCost;
import org.medficientsam.function.service.FunctionConfig;
import org.medficientsam.function.service.OpenBundles;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.imagefile.boxes.DrawnBoxes;
import org.medficientsam.imagefile.image.VoxelGrid;
import org.medficientsam.segmenter.CaseOptions;
import org.medficientsam.segmenter.Rules;

/**
 * Encodes pictures that are kept while their people still look at them, so that the first box costs the decoder alone. One at a time, by
 * the default bundle and rules, and only while no case runs or waits; a case that comes meanwhile begins. A picture that goes before its
 * turn costs nothing. Volumes are left alone: which of their slices will be wanted, only the box says.
 */
@ApplicationScoped
public class EmbeddingAhead {
    private static final Logger LOG = Logger.getLogger(EmbeddingAhead.class);
    private static final int MOST = 64;
    private static final long AGAIN_MILLIS = 20;

    /** By then its first box has come, or is no longer the next thing to happen. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KeptImages images;
    private final AdmissionControl admission;
    private final OpenBundles bundles;
    private final FunctionConfig config;
    private final boolean enabled;
    private @Nullable ThreadPoolExecutor encoding; // from the first picture on

    @Inject
    EmbeddingAhead(
            KeptImages images,
            AdmissionControl admission,
            OpenBundles bundles,
            FunctionConfig config,
            ImagesConfig imagesConfig) {
        this.images = images;
        this.admission = admission;
        this.bundles = bundles;
        this.config = config;
        this.enabled = imagesConfig.encodeAhead();
    }

    /** Returns at once; the picture is encoded when nothing else is to be done. */
    public void begin(String owner, KeptImages.Loan loan) {
        if (!enabled || !loan.image().image().raw().isFlat()) return;
        String id = loan.id();
        long end = System.nanoTime() + PATIENCE.toNanos();
        executor().execute(() -> encode(owner, id, end));
    }

    private synchronized ThreadPoolExecutor executor() {
        ThreadPoolExecutor there = encoding;
        if (there != null) return there;
        ThreadPoolExecutor made = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST),
                work -> {
                    Thread thread = new Thread(work, "embedding-ahead");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardOldestPolicy());
        made.allowCoreThreadTimeOut(true);
        encoding = made;
        return made;
    }

    private void encode(String owner, String id, long end) {
        try {
            while (!encodeIfIdle(owner, id) && System.nanoTime() < end) TimeUnit.MILLISECONDS.sleep(AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ProblemException e) {
            if (e.problem() != Problem.UNKNOWN_IMAGE) LOG.debug("a picture was not encoded ahead", e);
        } catch (IOException | RuntimeException e) {
            LOG.debug("a picture was not encoded ahead", e); // its first box will tell
        }
    }

    /** @return whether there is nothing left to do */
    private boolean encodeIfIdle(String owner, String id) throws IOException, InterruptedException {
        try (KeptImages.Loan loan = images.borrow(owner, id);
                KeptCase whole = whole(loan)) {
            long bytes = CaseCost.of(whole.header(config.npzLimits()), 0, config.workers(), 0)
                    .heapBytes();
            Optional<AdmissionControl.Turn> turn = admission.enterIdle(bytes);
            if (turn.isEmpty()) return false;
            try (OpenBundles.Loan bundle = bundles.borrow(Optional.empty())) {
                CaseOptions options = CaseOptions.of(config.rules()
                        .map(Rules::named)
                        .orElse(bundle.segmenter().rules()));
                CaseFile image =
                        whole.read(config.npzLimits(), loan.image().window()).caseFile();
                bundle.segmenter().encode(image, whole.asked(options));
            } finally {
                turn.get().close();
            }
            return true;
        }
    }

    private static KeptCase whole(KeptImages.Loan loan) {
        VoxelGrid grid = loan.image().image().raw().grid();
        double[] all = {0, 0, grid.width() - 1, grid.height() - 1};
        return KeptCase.of(loan, DrawnBoxes.of(List.of(all)), Optional.empty());
    }

    @PreDestroy
    synchronized void stop() {
        ThreadPoolExecutor there = encoding;
        if (there != null) there.shutdownNow();
    }
}
