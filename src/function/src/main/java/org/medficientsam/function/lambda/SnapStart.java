package org.medficientsam.function.lambda;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jboss.logging.Logger;
import org.medficientsam.function.s3.ObjectStore;
import org.medficientsam.function.service.WarmUp;

/**
 * Before Lambda takes its snapshot, one inference runs and the S3 client is made, so that a restored process finds classes loaded,
 * code compiled and the model's memory laid out. Nothing has to happen after a restore: no connection is open yet.
 */
@ApplicationScoped
public class SnapStart implements Resource {
    private static final Logger LOG = Logger.getLogger(SnapStart.class);

    private final WarmUp warmUp;
    private final ObjectStore store;

    @Inject
    SnapStart(WarmUp warmUp, ObjectStore store) {
        this.warmUp = warmUp;
        this.store = store;
    }

    void register(@Observes StartupEvent start) {
        Core.getGlobalContext().register(this);
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        warmUp.run();
        store.prime();
        LOG.info("primed for the snapshot");
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {}
}
