package org.medficientsam.function.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Limits;
import org.medficientsam.function.admission.AdmissionControl;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.imagefile.ImageFiles;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/** Who finds which image, and what goes when there is no room. An image here takes 1 MB and a little. */
class KeptImagesTest {
    private static final int SIDE = 1000;
    private static final long ONE = SIDE * SIDE + (16 << 10);

    private final AdmissionControl admission = new AdmissionControl(2, 8, 20 * ONE);
    private final KeptImages images = new KeptImages(admission, 10 * ONE, Duration.ofMinutes(15), 4);

    private static KeptImage image() throws IOException {
        BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", png);
        return new KeptImage(
                ImageFiles.read(png.toByteArray(), "x.png", ReadLimits.DEFAULT), "png", IntensityWindow.AUTO);
    }

    private String add(String owner) throws IOException, InterruptedException {
        return images.add(owner, image(), admission.enter(2 * ONE, false));
    }

    private boolean has(String owner, String id) {
        try {
            images.borrow(owner, id).close();
            return true;
        } catch (ProblemException e) {
            assertThat(e.problem()).isEqualTo(Problem.UNKNOWN_IMAGE);
            return false;
        }
    }

    @Test
    void onlyTheOwnerFindsItAndIdsDiffer() throws Exception {
        String first = add("a");
        String second = add("b");

        assertThat(first).isNotEqualTo(second).matches("[A-Za-z0-9_-]{32}");
        assertThat(has("a", first)).isTrue();
        assertThat(has("a", second)).isFalse();
        assertThat(has("b", first)).isFalse();
        assertThatThrownBy(() -> images.remove("b", first)).isInstanceOf(ProblemException.class);
        assertThat(has("a", first)).isTrue();
    }

    @Test
    void oneMoreThanAnOwnerMayHaveTakesThePlaceOfTheOneUsedLongestAgo() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) ids.add(add("a"));
        String others = add("b");
        assertThat(has("a", ids.get(0))).isTrue(); // used now, so the second is the oldest

        add("a");

        assertThat(has("a", ids.get(0))).isTrue();
        assertThat(has("a", ids.get(1))).isFalse();
        assertThat(has("b", others)).isTrue();
        assertThat(images.count()).isEqualTo(5);
    }

    @Test
    void whoHoldsMostMakesRoom() throws Exception {
        String small = add("small");
        for (String owner : new String[] {"a", "b"}) for (int i = 0; i < 4; i++) add(owner);
        add("c"); // ten
        add("d");

        assertThat(images.count()).isEqualTo(10);
        assertThat(images.usedBytes()).isLessThanOrEqualTo(10 * ONE);
        assertThat(has("small", small)).isTrue();
    }

    @Test
    void everyByteIsLentAndComesBack() throws Exception {
        String id = add("a");
        assertThat(images.usedBytes()).isEqualTo(ONE);
        assertThat(admission.lentBytes()).isEqualTo(ONE);
        assertThat(admission.usedBytes()).isZero();

        images.remove("a", id);

        assertThat(images.usedBytes()).isZero();
        assertThat(admission.lentBytes()).isZero();
    }

    @Test
    void whatIsInUseStaysUntilItIsNot() throws Exception {
        String id = add("a");
        try (KeptImages.Loan loan = images.borrow("a", id)) {
            images.remove("a", id);

            assertThat(has("a", id)).isFalse();
            assertThat(loan.isGone()).isTrue();
            assertThat(images.usedBytes()).isEqualTo(ONE);
        }
        assertThat(images.usedBytes()).isZero();
    }

    @Test
    void casesGetTheMemoryThatImagesHold() throws Exception {
        for (String owner : new String[] {"a", "b", "c"}) for (int i = 0; i < 3; i++) add(owner);
        assertThat(admission.lentBytes()).isEqualTo(9 * ONE);

        admission.enter(18 * ONE, false).close();

        assertThat(images.usedBytes()).isLessThanOrEqualTo(2 * ONE);
    }

    @Test
    void aCaseThatWaitsForAnImageInUseGetsItsMemoryLater() throws Exception {
        String id = add("a");
        Thread waiting;
        try (KeptImages.Loan loan = images.borrow("a", id)) {
            assertThat(loan.isGone()).isFalse();
            waiting = new Thread(() -> {
                try {
                    admission.enter(20 * ONE, false).close();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            waiting.start();
            while (admission.waiting() == 0) Thread.sleep(5);
            // Who works on the image is not held up by who waits for it.
            admission.enter(ONE, false).close();
        }
        waiting.join(120_000);

        assertThat(waiting.isAlive()).isFalse();
        assertThat(images.count()).isZero();
    }

    @Test
    void whatWasMadeOfImagesGoesBeforeImages() throws Exception {
        String first = add("a");
        try (KeptImages.Loan loan = images.borrow("a", first)) {
            for (String window : new String[] {"100,100", "100,50", "100,20"})
                loan.image().through(Optional.of(IntensityWindow.parse(window)), Limits.DEFAULT, loan.room());
        }
        assertThat(images.usedBytes()).isEqualTo(ONE + 3L * SIDE * SIDE);
        for (int i = 0; i < 7; i++) add("b" + i);

        assertThat(images.count()).isEqualTo(8);
        assertThat(has("a", first)).isTrue();
        assertThat(images.usedBytes()).isEqualTo(8 * ONE);
    }

    @Test
    void anImageThatNobodyAsksForIsGoneAfterAWhile() throws Exception {
        KeptImages brief = new KeptImages(admission, 10 * ONE, Duration.ofMillis(200), 4);
        brief.add("a", image(), admission.enter(2 * ONE, false));

        for (int i = 0; i < 2400 && brief.count() > 0; i++) Thread.sleep(50);

        assertThat(brief.count()).isZero();
        assertThat(brief.usedBytes()).isZero();
        brief.stop();
    }

    @Test
    void whatIsLargerThanAllTogetherIsRefused() throws Exception {
        KeptImages narrow = new KeptImages(admission, ONE / 2, Duration.ofMinutes(15), 4);
        AdmissionControl.Turn turn = admission.enter(2 * ONE, false);

        assertThatThrownBy(() -> narrow.add("a", image(), turn))
                .isInstanceOf(InvalidCaseException.class)
                .hasMessageContaining("image must be");
        turn.close();
        assertThat(admission.lentBytes()).isZero();
    }

    @Test
    void nothingIsLeftWhenTheServiceStops() throws Exception {
        add("a");
        add("b");

        images.stop();

        assertThat(images.usedBytes()).isZero();
        assertThatThrownBy(() -> add("c")).isInstanceOf(ProblemException.class);
    }
}
