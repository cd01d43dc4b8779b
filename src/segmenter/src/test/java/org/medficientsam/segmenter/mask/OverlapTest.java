package org.medficientsam.segmenter.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.Box;
import org.medficientsam.casefile.Box2D;
import org.medficientsam.casefile.Box3D;

class OverlapTest {
    @Test
    void smallerBoxesLieOnTopWhateverTheirOrder() {
        Box large = new Box2D(0, 0, 50, 50);
        Box small = new Box2D(10, 10, 20, 20);

        assertThat(Overlap.SMALLER_ON_TOP.ranks(List.of(small, large))).containsExactly(0, 2, 1);
        assertThat(Overlap.SMALLER_ON_TOP.ranks(List.of(large, small))).containsExactly(0, 1, 2);
        assertThat(Overlap.SMALLER_ON_TOP.ranks(List.of(small, small)))
                .as("equals: the later one")
                .containsExactly(0, 1, 2);
        // A flat box of many slices is larger than a wide one of a single slice.
        assertThat(Overlap.SMALLER_ON_TOP.ranks(List.of(new Box3D(0, 0, 0, 9, 9, 9), new Box3D(0, 0, 4, 19, 19, 4))))
                .containsExactly(0, 1, 2);
    }
}
