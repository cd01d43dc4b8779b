package org.medficientsam.segmenter;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Tests on the bundle {@code micro-int8} with two threads, opened once for all of a class. */
abstract class OnMicro {
    static Segmenter segmenter;

    @BeforeAll
    static void open() {
        segmenter = Segmenter.open(Scenes.MICRO, SegmenterOptions.threads(2));
    }

    @AfterAll
    static void close() {
        segmenter.close();
    }
}
