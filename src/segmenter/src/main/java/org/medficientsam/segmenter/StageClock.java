package org.medficientsam.segmenter;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Sums up the time that a case spends in each stage, over all its threads. */
final class StageClock {
    enum Stage {
        RESIZE,
        ENCODE,
        DECODE,
        MASK
    }

    private final Map<Stage, LongAdder> nanos = new EnumMap<>(Stage.class);

    StageClock() {
        for (Stage stage : Stage.values()) nanos.put(stage, new LongAdder());
    }

    <T> T time(Stage stage, Supplier<T> work) {
        long start = System.nanoTime();
        try {
            return work.get();
        } finally {
            adder(stage).add(System.nanoTime() - start);
        }
    }

    private LongAdder adder(Stage stage) {
        return Objects.requireNonNull(nanos.get(stage));
    }

    private double ms(Stage stage) {
        return adder(stage).sum() / 1e6;
    }

    /** Reading and writing are the caller's and 0 here. */
    StageTimings timings() {
        return new StageTimings(0, ms(Stage.RESIZE), ms(Stage.ENCODE), ms(Stage.DECODE), ms(Stage.MASK), 0);
    }
}
