package org.medficientsam.function.admission;

import java.time.Duration;
import java.util.Locale;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;

/**
 * Most that one case may cost.
 *
 * @param slices under its boxes
 * @param decodes boxes, each counted once per slice it covers
 * @param heapBytes Java heap
 * @param duration at the best pace the model has shown
 */
public record CostLimits(int slices, long decodes, long heapBytes, Duration duration) {
    /** @throws InvalidCaseException that names the first limit the case exceeds, what was found and what is allowed */
    public void check(CaseCost cost) {
        if (cost.decodes() > decodes)
            throw new InvalidCaseException(
                    Reason.INVALID_PROMPT,
                    "boxes",
                    "at most %d to decode, counted once per slice".formatted(decodes),
                    "" + cost.decodes());
        if (cost.slices() > slices)
            throw new InvalidCaseException(
                    Reason.TOO_LARGE, "boxes", "over at most %d slices".formatted(slices), "" + cost.slices());
        if (cost.heapBytes() > heapBytes)
            throw new InvalidCaseException(
                    Reason.TOO_LARGE,
                    "imgs",
                    "a case that needs at most %d MiB of memory".formatted(heapBytes >> 20),
                    "one that needs %d MiB".formatted(cost.heapBytes() >> 20));
    }

    /** The same with so much less heap. */
    public CostLimits less(long bytes) {
        return new CostLimits(slices, decodes, heapBytes - bytes, duration);
    }

    /**
     * @param leastMillis that the case takes
     * @throws InvalidCaseException if that is too long
     */
    public void check(double leastMillis) {
        if (leastMillis > duration.toMillis())
            throw new InvalidCaseException(
                    Reason.TOO_LARGE,
                    "boxes",
                    "a case of at most %d s".formatted(duration.toSeconds()),
                    String.format(Locale.ROOT, "one of at least %.0f s", leastMillis / 1e3));
    }
}
