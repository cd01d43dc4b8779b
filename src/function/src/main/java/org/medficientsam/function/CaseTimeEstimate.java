package org.medficientsam.function;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.Box;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.segmenter.Segmentation;
import org.medficientsam.segmenter.StageTimings;

/**
 * How fast each model has been at its best on this machine, and from that what a case takes at least. An estimate from below:
 * only a case that could not finish even so is refused before it starts.
 */
@ApplicationScoped
class CaseTimeEstimate {
    private final int threads;
    private final Map<String, Best> best = new HashMap<>();

    @Inject
    CaseTimeEstimate(FunctionConfig config) {
        this(config.threads() > 0 ? config.threads() : Runtime.getRuntime().availableProcessors());
    }

    CaseTimeEstimate(int threads) {
        this.threads = threads;
    }

    private record Best(double msPerSlice, double msPerBox) {
        Best or(Best other) {
            return new Best(Math.min(msPerSlice, other.msPerSlice), Math.min(msPerBox, other.msPerBox));
        }
    }

    /** Learns from a case that is done. */
    synchronized void learn(String model, Segmentation done) {
        if (done.slicesEncoded() == 0 || done.boxesDecoded() == 0) {
            return;
        }
        StageTimings ms = done.timings();
        Best seen = new Best(ms.encodeMs() / done.slicesEncoded(), (ms.decodeMs() + ms.maskMs()) / done.boxesDecoded());
        best.merge(model, seen, Best::or);
    }

    /** Least milliseconds the case can take; 0 for a model that has not run yet. */
    synchronized double leastMillis(String model, CaseFile caseFile) {
        @Nullable Best pace = best.get(model);
        if (pace == null) {
            return 0;
        }
        // Timings are sums over threads, so that many share them at best; and slices are encoded while boxes are
        // decoded.
        return Math.max(slices(caseFile) * pace.msPerSlice, boxes(caseFile) * pace.msPerBox) / threads;
    }

    /** Slices that some box covers. */
    static int slices(CaseFile caseFile) {
        Set<Integer> covered = new TreeSet<>();
        for (Box box : caseFile.boxes()) {
            if (box instanceof Box3D b) {
                IntStream.rangeClosed((int) b.zMin(), (int) b.zMax()).forEach(covered::add);
            } else {
                covered.add(0);
            }
        }
        return covered.size();
    }

    /** Boxes to decode, one per object and slice. */
    private static long boxes(CaseFile caseFile) {
        return caseFile.boxes().stream()
                .mapToLong(box -> box instanceof Box3D b ? (int) b.zMax() - (int) b.zMin() + 1 : 1)
                .sum();
    }
}
