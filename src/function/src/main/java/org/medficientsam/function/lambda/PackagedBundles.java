package org.medficientsam.function.lambda;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.medficientsam.function.service.SegmenterOpener;
import org.medficientsam.segmenter.Segmenter;
import org.medficientsam.segmenter.SegmenterOptions;

/**
 * Opens bundles on Lambda and elsewhere: what lies in the package that Lambda unpacked is not hashed again, and the default bundle
 * may have been begun while Quarkus starts.
 */
@ApplicationScoped
class PackagedBundles implements SegmenterOpener {
    private static final Logger LOG = Logger.getLogger(PackagedBundles.class);

    @Override
    public Segmenter open(Path bundle, SegmenterOptions options) {
        SegmenterOptions checked = options.withFileCheck(LambdaEnvironment.fileCheck(System.getenv(), bundle));
        Optional<Segmenter> early = EarlyModel.take(bundle, checked);
        Segmenter segmenter = early.orElseGet(() -> Segmenter.open(bundle, checked));
        LOG.infof("opened bundle %s%s", bundle.getFileName(), early.isPresent() ? ", beside Quarkus" : "");
        return segmenter;
    }
}
