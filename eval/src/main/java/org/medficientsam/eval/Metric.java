package org.medficientsam.eval;

/** The two figures of the published tables. */
enum Metric {
    DSC,
    NSD
}
