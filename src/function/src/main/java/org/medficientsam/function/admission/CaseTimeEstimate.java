package org.medficientsam.function.admission;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.medficientsam.segmenter.Segmentation;
import org.medficientsam.segmenter.StageTimings;

/**
 * How fast each model has been at its best on this machine, and from that what a case takes at least. An estimate from below:
 * only a case that could not finish even so is refused before it starts.
 */
public final class CaseTimeEstimate {
    /** From here on others should not have to wait for a case. */
    private static final double LONG_MILLIS = 2_000;

    /** And from so much memory: to resize, write and paint that much takes its time as well. */
    private static final long LARGE_BYTES = 64 << 20;

    /** What a model is taken for that has not run yet, when it is only about who waits for whom. */
    private static final Pace USUAL = new Pace(60, 15);

    private final int threads;
    private final Map<String, Pace> best = new ConcurrentHashMap<>();

    /** @param threads that share the work of one case */
    public CaseTimeEstimate(int threads) {
        this.threads = threads;
    }

    private record Pace(double msPerSlice, double msPerBox) {
        Pace or(Pace other) {
            return new Pace(Math.min(msPerSlice, other.msPerSlice), Math.min(msPerBox, other.msPerBox));
        }

        /** Timings are sums over threads, so that many share them at best; and slices are encoded while boxes are decoded. */
        double millis(long encodes, long decodes, int threads) {
            return Math.max(encodes * msPerSlice, decodes * msPerBox) / threads;
        }
    }

    /** Learns from a case that is done. */
    public void learn(String model, Segmentation done) {
        if (done.slicesEncoded() == 0 || done.boxesDecoded() == 0) {
            return;
        }
        StageTimings ms = done.timings();
        Pace seen = new Pace(ms.encodeMs() / done.slicesEncoded(), (ms.decodeMs() + ms.maskMs()) / done.boxesDecoded());
        best.merge(model, seen, Pace::or);
    }

    /** Least milliseconds the case can take; 0 for a model that has not run yet. */
    public double leastMillis(String model, CaseCost cost) {
        return Optional.ofNullable(best.get(model))
                .map(pace -> pace.millis(cost.slices(), cost.decodes(), threads)) // windows may not be needed
                .orElse(0.0);
    }

    /** Whether the case is so long that short ones should not have to wait for it. */
    public boolean isLong(String model, CaseCost cost) {
        return cost.heapBytes() >= LARGE_BYTES
                || best.getOrDefault(model, USUAL).millis(cost.slices() + cost.windows(), cost.decodes(), threads)
                        >= LONG_MILLIS;
    }
}
