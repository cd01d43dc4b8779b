package org.medficientsam.segmenter;

import java.util.Optional;
import java.util.OptionalInt;
import org.medficientsam.segmenter.bundle.FileCheck;

/**
 * How a segmenter runs; none of it but rules and windows changes a result.
 *
 * @param workers threads that encode a volume's slices ahead, and as many that decode boxes
 * @param encoderThreads threads that encode a single image together
 * @param cacheBytes native memory per request for embeddings that a volume needs twice
 * @param rules name of the rules, if not the bundle's own
 * @param mostWindows bound on an image's windows, if not the one of the rules
 * @param fileCheck what of the bundle's files is checked
 */
public record SegmenterOptions(
        int workers,
        int encoderThreads,
        long cacheBytes,
        Optional<String> rules,
        OptionalInt mostWindows,
        FileCheck fileCheck) {
    private static final long DEFAULT_CACHE_BYTES = 256L << 20;

    /** @throws IllegalArgumentException if there is no thread or a negative cache */
    public SegmenterOptions {
        if (workers < 1 || encoderThreads < 1)
            throw new IllegalArgumentException("threads must be at least 1, got %d workers and %d encoder threads"
                    .formatted(workers, encoderThreads));
        if (cacheBytes < 0)
            throw new IllegalArgumentException("cache must not be negative, got %d bytes".formatted(cacheBytes));
        if (mostWindows.orElse(0) < 0)
            throw new IllegalArgumentException(
                    "windows must not be negative, got %d".formatted(mostWindows.orElseThrow()));
    }

    /** All processors, 256 MiB of cache, the bundle's rules. */
    public static SegmenterOptions defaults() {
        return threads(Runtime.getRuntime().availableProcessors());
    }

    /** As the defaults, with so many threads. */
    public static SegmenterOptions threads(int threads) {
        return new SegmenterOptions(
                threads,
                threads,
                DEFAULT_CACHE_BYTES,
                Optional.empty(),
                OptionalInt.empty(),
                FileCheck.HASHES_WHILE_LOADING);
    }

    /** The same with another cache; 0 is none. */
    public SegmenterOptions withCacheBytes(long bytes) {
        return new SegmenterOptions(workers, encoderThreads, bytes, rules, mostWindows, fileCheck);
    }

    /** The same with other rules than the bundle's. */
    public SegmenterOptions withRules(String name) {
        return new SegmenterOptions(workers, encoderThreads, cacheBytes, Optional.of(name), mostWindows, fileCheck);
    }

    /** The same with another bound on an image's windows than the rules'; 0 is none. */
    public SegmenterOptions withMostWindows(int windows) {
        return new SegmenterOptions(workers, encoderThreads, cacheBytes, rules, OptionalInt.of(windows), fileCheck);
    }

    /** The same for a process that only sees volumes: one encoder is loaded instead of two. */
    public SegmenterOptions forVolumesOnly() {
        return new SegmenterOptions(workers, 1, cacheBytes, rules, mostWindows, fileCheck);
    }

    /** The same with another check of the bundle's files. */
    public SegmenterOptions withFileCheck(FileCheck check) {
        return new SegmenterOptions(workers, encoderThreads, cacheBytes, rules, mostWindows, check);
    }
}
