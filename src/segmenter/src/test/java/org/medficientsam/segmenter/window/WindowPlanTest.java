package org.medficientsam.segmenter.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.Box2D;
import org.medficientsam.segmenter.window.WindowPlan.Look;

class WindowPlanTest {
    private static final WindowRule RULE = new WindowRule(1.5, 64, 4, 32, 1.5, 16);
    private static final int INPUT = 400;

    @Test
    void aSmallBoxHasAWindowOfFourTimesItsLongerSide() {
        assertThat(plan(2000, 2000, box(500, 700, 40, 30)))
                .containsExactly(new Look(new Window(440, 635, 160, 160), List.of(0)));
    }

    @Test
    void aBoxOfOnePixelHasTheLeastWindow() {
        assertThat(plan(2000, 2000, box(500, 700, 1, 1)))
                .containsExactly(new Look(new Window(485, 685, 32, 32), List.of(0)));
    }

    @Test
    void aWindowStaysInsideThePicture() {
        assertThat(plan(1000, 2000, box(1990, 0, 10, 10)))
                .containsExactly(new Look(new Window(1960, 0, 40, 40), List.of(0)));
        assertThat(plan(100, 2000, box(300, 20, 40, 40)))
                .containsExactly(new Look(new Window(240, 0, 160, 100), List.of(0)));
    }

    @Test
    void aPictureThatIsHardlyShrunkIsSeenAsAWhole() {
        assertThat(plan(600, 600, box(10, 10, 8, 8))).containsExactly(new Look(Window.whole(600, 600), List.of(0)));
        assertThat(plan(601, 600, box(10, 10, 8, 8)).get(0).window()).isNotEqualTo(Window.whole(601, 600));
    }

    @Test
    void aLargeBoxIsSeenInTheWholePictureBesideTheWindows() {
        // A network pixel is five of the image's: 320 pixels are too many, 319 are few enough.
        List<Look> looks = plan(2000, 2000, box(0, 0, 320, 20), box(1000, 1000, 319, 20), box(1500, 300, 12, 12));

        assertThat(looks).extracting(Look::boxes).containsExactly(List.of(0), List.of(1), List.of(2));
        assertThat(looks.get(0).window()).isEqualTo(Window.whole(2000, 2000));
    }

    @Test
    void aWindowThatWouldShowAlmostThePictureIsNone() {
        WindowRule wide = new WindowRule(1.5, 64, 5, 32, 1.5, 16);
        List<Box2D> boxes = List.of(box(10, 10, 94, 94)); // 470 of 700 pixels are more than two thirds

        assertThat(WindowPlan.of(wide, boxes, 700, 700, INPUT))
                .containsExactly(new Look(Window.whole(700, 700), List.of(0)));
        assertThat(WindowPlan.of(RULE, boxes, 700, 700, INPUT))
                .extracting(look -> look.window().width())
                .containsExactly(376);
    }

    @Test
    void boxesOfLikeSizeShareTheLargestsWindowWhereItShowsThem() {
        List<Look> looks = plan(
                3000,
                3000,
                box(1000, 1000, 20, 20),
                box(1025, 1000, 20, 16), // has room
                box(1020, 1020, 30, 30), // the largest
                box(1080, 1000, 20, 20), // too near the edge
                box(1010, 1030, 8, 8)); // would be too small in it

        assertThat(looks).extracting(Look::boxes).containsExactly(List.of(0, 1, 2), List.of(3), List.of(4));
    }

    @Test
    void whereTheyAreTooManyAllWindowsGrowUntilTheyAreFewEnough() {
        Box2D[] boxes = IntStream.range(0, 100)
                .mapToObj(i -> box(100 + 180 * (i % 10), 100 + 180 * (i / 10), 10, 10))
                .toArray(Box2D[]::new);

        List<Look> looks = plan(4000, 4000, boxes);

        assertThat(looks).hasSizeLessThanOrEqualTo(RULE.most());
        assertThat(looks).extracting(look -> look.window().width()).containsOnly(1280); // 32 times 40
        assertEachBoxOnce(looks, boxes.length);
        assertThat(WindowPlan.of(RULE.withMost(100), List.of(boxes), 4000, 4000, INPUT))
                .hasSize(100);
        assertThat(WindowPlan.of(RULE.withMost(0), List.of(boxes), 4000, 4000, INPUT))
                .containsExactly(WindowPlan.whole(List.of(boxes), 4000, 4000).get(0));
    }

    @Test
    void everyBoxIsSeenOnceWithRoomAroundItAndTheBoundHolds() {
        Random random = new Random(4);
        for (int round = 0; round < 200; round++) {
            int height = 300 + random.nextInt(4000);
            int width = 300 + random.nextInt(4000);
            List<Box2D> boxes = new ArrayList<>();
            for (int i = random.nextInt(80); i >= 0; i--) {
                int side = 1 + (int) Math.exp(6 * random.nextDouble());
                int x = random.nextInt(width);
                int y = random.nextInt(height);
                boxes.add(new Box2D(x, y, Math.min(width - 1, x + side), Math.min(height - 1, y + side / 2)));
            }
            int most = random.nextInt(20);

            List<Look> looks = WindowPlan.of(RULE.withMost(most), boxes, height, width, INPUT);

            assertEachBoxOnce(looks, boxes.size());
            Window whole = Window.whole(height, width);
            assertThat(looks.stream().filter(look -> !look.window().equals(whole)))
                    .hasSizeLessThanOrEqualTo(most);
            for (Look look : looks) {
                Window window = look.window();
                assertThat(window.x()).isBetween(0, width - window.width());
                assertThat(window.y()).isBetween(0, height - window.height());
                for (int i : look.boxes())
                    assertThat(window.shows(boxes.get(i), height, width)).isTrue();
            }
        }
    }

    @Test
    void numbersThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new WindowRule(0.5, 64, 4, 32, 1.5, 16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shrunk 0.5");
        assertThatThrownBy(() -> RULE.withMost(-1)).hasMessageContaining("most -1");
    }

    private static void assertEachBoxOnce(List<Look> looks, int boxes) {
        assertThat(looks.stream().flatMap(look -> look.boxes().stream()).sorted())
                .containsExactlyElementsOf(IntStream.range(0, boxes).boxed().toList());
    }

    private static List<Look> plan(int height, int width, Box2D... boxes) {
        return WindowPlan.of(RULE, List.of(boxes), height, width, INPUT);
    }

    private static Box2D box(int x, int y, int width, int height) {
        return new Box2D(x, y, x + width - 1, y + height - 1);
    }
}
