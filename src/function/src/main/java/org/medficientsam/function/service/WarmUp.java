package org.medficientsam.function.service;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.medficientsam.casefile.Box2D;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.ImageCase;
import org.medficientsam.segmenter.Segmenter;

/**
 * Opens the default bundle at start, so that a bad one ends the process rather than the first request, and runs one inference on
 * a blank image; from then on the service is ready. Where nothing listens, the runtime around the process says whether to {@link #run}.
 */
@ApplicationScoped
public class WarmUp {
    private static final Logger LOG = Logger.getLogger(WarmUp.class);
    private static final int SIDE = 64;

    private final OpenBundles bundles;
    private final boolean listens;
    private volatile boolean done;

    @Inject
    WarmUp(
            OpenBundles bundles,
            @ConfigProperty(name = "quarkus.http.host-enabled", defaultValue = "true") boolean listens) {
        this.bundles = bundles;
        this.listens = listens;
    }

    void onStart(@Observes StartupEvent start) throws InterruptedException {
        if (listens) {
            run();
        } else {
            bundles.borrow(Optional.empty()).close();
        }
    }

    /** Returns when the default bundle has answered once. */
    public void run() {
        try (OpenBundles.Loan loan = bundles.borrow(Optional.empty())) {
            loan.warm();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.NOT_READY, "the start was broken off");
        }
        LOG.info("ran one inference before the first request");
        done = true;
    }

    /** One inference on a blank image. */
    static void warm(Segmenter segmenter) {
        ImageArray blank = ImageArray.adopt(new byte[SIDE * SIDE], 1, SIDE, SIDE, 1);
        segmenter.segment(new ImageCase(blank, List.of(new Box2D(0, 0, SIDE - 1, SIDE - 1))));
    }

    /** @throws ProblemException {@link Problem#NOT_READY} before the first inference */
    public void check() {
        if (!done) {
            throw new ProblemException(Problem.NOT_READY, "the model is loading; try again later");
        }
    }

    /** Whether the default bundle has answered once. */
    public boolean isDone() {
        return done;
    }
}
