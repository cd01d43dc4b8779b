package org.medficientsam.function;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeapShareTest {
    /** By hand: heap x 0.8 / cases / 4.25. */
    @ParameterizedTest
    @CsvSource({"884, 1, 166", "1433, 2, 134", "2867, 2, 269", "160, 2, 15", "100000, 1, 2047"})
    void arrayFitsTheHeapFourTimes(long heapMb, int concurrency, int arrayMb) {
        assertThat(HeapShare.largestArray(heapMb << 20, concurrency) >> 20).isEqualTo(arrayMb);
    }
}
