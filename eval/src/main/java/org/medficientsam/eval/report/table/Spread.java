package org.medficientsam.eval.report.table;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.medficientsam.eval.statistics.BootstrapInterval;

/** How far a mean may be off, in percent and as printed beside it. */
final class Spread {

    private Spread() {}

    static double low(Optional<BootstrapInterval> interval) {
        return interval.map(bounds -> 100 * bounds.low()).orElse(Double.NaN);
    }

    static double high(Optional<BootstrapInterval> interval) {
        return interval.map(bounds -> 100 * bounds.high()).orElse(Double.NaN);
    }

    static String printed(Optional<BootstrapInterval> interval) {
        return interval.isEmpty() ? "" : String.format(Locale.ROOT, " [%.1f, %.1f]", low(interval), high(interval));
    }

    /** Of too few cases for an interval, where they lie. */
    static String range(double... figures) {
        double least = Arrays.stream(figures).min().orElse(Double.NaN);
        double most = Arrays.stream(figures).max().orElse(Double.NaN);
        return String.format(Locale.ROOT, " (%.1f to %.1f)", 100 * least, 100 * most);
    }
}
