package org.medficientsam.segmenter.mask;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.Box2D;

class MarginTest {
    private static final Margin MARGIN = new Margin(0.1, 2);

    @Test
    void aTenthOfTheLongerSideIsLeftInEitherDirection() {
        Mask kept = MARGIN.kept(full(200, 300), new Box2D(100, 90, 199, 109), 1);

        assertThat(extent(kept)).containsExactly(90, 80, 209, 119);
    }

    @Test
    void andAtLeastTwoNetworkPixels() {
        assertThat(extent(MARGIN.kept(full(200, 300), new Box2D(100, 90, 103, 91), 1.6)))
                .containsExactly(97, 87, 106, 94);
    }

    @Test
    void fractionsAreNotExceeded() {
        assertThat(extent(MARGIN.kept(full(50, 50), new Box2D(10.5, 10.2, 14.5, 14.2), 0.1)))
                .containsExactly(10, 10, 15, 14);
    }

    @Test
    void thePictureEndsIt() {
        assertThat(extent(MARGIN.kept(full(20, 30), new Box2D(0, 0, 29, 19), 4)))
                .containsExactly(0, 0, 29, 19);
    }

    @Test
    void aMaskIsPlacedInALargerOne() {
        Mask part = new Mask(3, 70);
        part.addRun(0, 0, 70);
        part.finishRow(0);
        part.add(2, 5);
        part.finishRow(2);

        Mask larger = part.placed(10, 150, 4, 60);

        assertThat(extent(larger)).containsExactly(60, 4, 129, 6);
        assertThat(larger.pixels()).isEqualTo(71);
        assertThat(larger.get(6, 65)).isTrue();
        assertThat(larger.get(5, 65)).isFalse();
        assertThat(new Mask(3, 70).placed(10, 150, 4, 60).isEmpty()).isTrue();
    }

    private static Mask full(int height, int width) {
        Mask mask = new Mask(height, width);
        for (int y = 0; y < height; y++) {
            mask.addRun(y, 0, width);
            mask.finishRow(y);
        }
        return mask;
    }

    private static int[] extent(Mask mask) {
        return new int[] {mask.xMin(), mask.yMin(), mask.xMax(), mask.yMax()};
    }
}
