package org.medficientsam.eval.command;

import org.medficientsam.eval.metric.MetricProtocol;
import picocli.CommandLine.Option;

/** How label maps are scored. */
final class ProtocolOption {

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            defaultValue = "cvpr24",
            description =
                    "${COMPLETION-CANDIDATES}. cvpr24 (default): to the digit as the challenge. contour: outlines instead of"
                            + " slabs in 2D, labels on neither side ignored, HD95 too.")
    MetricProtocol protocol;
}
