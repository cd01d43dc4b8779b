package org.medficientsam.eval.metric;

/** The two figures of the published tables. */
public enum Metric {
    DSC,
    NSD
}
