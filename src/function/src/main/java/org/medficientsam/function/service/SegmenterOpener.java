package org.medficientsam.function.service;

import java.nio.file.Path;
import org.medficientsam.segmenter.Segmenter;
import org.medficientsam.segmenter.SegmenterOptions;
import org.medficientsam.segmenter.bundle.InvalidBundleException;

/** Opens a bundle; how closely its files must be looked at depends on where the process runs. */
public interface SegmenterOpener {
    /**
     * @param bundle a folder with manifest and graphs
     * @return a segmenter that the caller owns
     * @throws InvalidBundleException if the bundle is not what its manifest says
     */
    Segmenter open(Path bundle, SegmenterOptions options);
}
