package org.medficientsam.segmenter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.ImageCase;
import org.medficientsam.casefile.VolumeCase;

/** Kept or not, cut short or not: masks are those of a request on its own, to the bit. */
class KeptEmbeddingsTest {
    @AutoClose
    private static final Segmenter MICRO = Segmenter.open(Scenes.MICRO, SegmenterOptions.threads(2));

    /** Bytes, and a count of what was taken and not given back. */
    private static final class Bounded implements KeptEmbeddings.Room {
        private final long most;
        private final AtomicLong used = new AtomicLong();

        Bounded(long most) {
            this.most = most;
        }

        @Override
        public boolean take(long bytes) {
            if (used.addAndGet(bytes) <= most) return true;
            used.addAndGet(-bytes);
            return false;
        }

        @Override
        public void give(long bytes) {
            used.addAndGet(-bytes);
        }
    }

    private static Segmentation segment(CaseFile caseFile, KeptEmbeddings kept) {
        return MICRO.segment(caseFile, CaseOptions.of(MICRO.rules()).with(kept));
    }

    private static void assertSame(Segmentation found, Segmentation expected) {
        assertThat(found.labels().labels()).isEqualTo(expected.labels().labels());
        assertThat(found.objects()).isEqualTo(expected.objects());
    }

    @Test
    void anImageThatWasEncodedBeforeItsBoxesRunsNoEncoderForThem() {
        ImageCase image = Scenes.discs(700, 900, 3, 200, 200, 90, 600, 400, 120);
        try (KeptEmbeddings kept = new KeptEmbeddings(new Bounded(Long.MAX_VALUE))) {
            MICRO.encode(image, CaseOptions.of(MICRO.rules()).with(kept));
            MICRO.encode(image, CaseOptions.of(MICRO.rules()).with(kept));

            assertThat(kept.count()).isEqualTo(1);
            Segmentation found = segment(image, kept);
            assertThat(found.slicesEncoded()).isZero();
            assertSame(found, MICRO.segment(image));
        }
        assertThat(MICRO.openEmbeddings()).isZero();
    }

    @Test
    void whoeverWantsWhatAnotherIsEncodingWaitsForIt() throws Exception {
        ImageCase image = Scenes.discs(700, 900, 3, 200, 200, 90, 600, 400, 120);
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try (KeptEmbeddings kept = new KeptEmbeddings(new Bounded(Long.MAX_VALUE))) {
            List<Future<Segmentation>> asked = IntStream.range(0, 4)
                    .mapToObj(i -> callers.submit(() -> segment(image, kept)))
                    .toList();
            int encoded = 0;
            for (Future<Segmentation> each : asked) encoded += each.get().slicesEncoded();

            assertThat(encoded).isEqualTo(1);
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void theSecondBoxOfAnImageRunsNoEncoder() {
        ImageCase both = Scenes.discs(700, 900, 3, 200, 200, 90, 600, 400, 120);
        ImageCase first = new ImageCase(both.image(), both.boxes().subList(0, 1));
        ImageCase second = new ImageCase(both.image(), both.boxes().subList(1, 2));
        try (KeptEmbeddings kept = new KeptEmbeddings(new Bounded(Long.MAX_VALUE))) {
            assertSame(segment(first, kept), MICRO.segment(first));
            Segmentation found = segment(second, kept);

            assertSame(found, MICRO.segment(second));
            assertThat(found.slicesEncoded()).isZero();
        }
    }

    @Test
    void windowsOfSmallObjectsAreKeptToo() {
        ImageCase small = Scenes.discs(1500, 1500, 1, 300, 300, 14, 1100, 1200, 20);
        try (KeptEmbeddings kept = new KeptEmbeddings(new Bounded(Long.MAX_VALUE))) {
            Segmentation first = segment(small, kept);
            Segmentation again = segment(small, kept);

            assertThat(first.slicesEncoded()).isEqualTo(2).isEqualTo(kept.count());
            assertThat(again.slicesEncoded()).isZero();
            assertSame(again, MICRO.segment(small));
        }
    }

    @Test
    void slicesOfAVolumeAreKeptAndOthersEncoded() {
        VolumeCase all = Scenes.balls(12, 96, 96, 1, 30, 30, 4, 4, 64, 60, 7, 3);
        VolumeCase first = new VolumeCase(all.image(), all.boxes().subList(0, 1), all.spacing());
        VolumeCase second = new VolumeCase(all.image(), all.boxes().subList(1, 2), all.spacing());
        try (KeptEmbeddings kept = new KeptEmbeddings(new Bounded(Long.MAX_VALUE))) {
            segment(first, kept); // slices 0 to 8
            Segmentation found = segment(second, kept); // slices 4 to 10

            assertSame(found, MICRO.segment(second));
            assertThat(found.slicesEncoded()).isEqualTo(2);
        }
    }

    @Test
    void anotherBundleOrResizeIsNotConfused() {
        ImageCase image = Scenes.discs(200, 300, 3, 100, 100, 40);
        try (KeptEmbeddings kept = new KeptEmbeddings(new Bounded(Long.MAX_VALUE));
                Segmenter nano = Segmenter.open(Scenes.NANO, SegmenterOptions.threads(2))) {
            segment(image, kept);
            for (String name : List.of("medficientsam", "litemedsam")) {
                Rules rules = Rules.named(name);
                assertSame(
                        nano.segment(image, CaseOptions.of(rules).with(kept)),
                        nano.segment(image, rules, Progress.NONE));
            }
            assertThat(kept.count()).isEqualTo(3);
        }
    }

    @Test
    void whatWasUsedLongestAgoMakesRoomAndNoByteIsLost() {
        VolumeCase ball = Scenes.balls(15, 96, 96, 1, 48, 48, 7, 7);
        Bounded room = new Bounded(Long.MAX_VALUE);
        long one;
        try (KeptEmbeddings kept = new KeptEmbeddings(room)) {
            segment(ball, kept);
            one = kept.bytes() / kept.count();
            assertThat(room.used).hasValue(kept.bytes());
        }
        assertThat(room.used).hasValue(0);

        Bounded narrow = new Bounded(3 * one + one / 2);
        try (KeptEmbeddings kept = new KeptEmbeddings(narrow)) {
            assertSame(segment(ball, kept), MICRO.segment(ball));
            assertThat(kept.count()).isEqualTo(3);
            assertThat(narrow.used).hasValue(3 * one);
            kept.clear();
            assertThat(narrow.used).hasValue(0);
        }
    }

    @Test
    void manyAtOnceAnswerAsOneAlone() {
        ImageCase image = Scenes.discs(300, 400, 1, 100, 100, 60);
        Segmentation alone = MICRO.segment(image);
        Bounded room = new Bounded(Long.MAX_VALUE);
        try (KeptEmbeddings kept = new KeptEmbeddings(room)) {
            IntStream.range(0, 16).parallel().forEach(i -> assertSame(segment(image, kept), alone));
            assertThat(kept.count()).isEqualTo(1);
            assertThat(room.used).hasValue(kept.bytes());
        }
        assertThat(MICRO.openEmbeddings()).isZero();
    }

    @Test
    void theyOutliveTheSegmenterThatMadeThem() {
        ImageCase image = Scenes.discs(300, 400, 1, 100, 100, 60);
        try (KeptEmbeddings kept = new KeptEmbeddings(new Bounded(Long.MAX_VALUE))) {
            Segmentation before;
            try (Segmenter first = Segmenter.open(Scenes.MICRO, SegmenterOptions.threads(1))) {
                before = first.segment(image, CaseOptions.of(first.rules()).with(kept));
            }
            Segmentation after = segment(image, kept);
            assertSame(after, before);
            assertThat(after.slicesEncoded()).isZero();
        }
    }
}
