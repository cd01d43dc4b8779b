package org.medficientsam.function.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.SegmentationContract;
import org.medficientsam.segmenter.Segmenter;
import org.medficientsam.segmenter.SegmenterOptions;

/** Three bundles, two of which may be open. */
class OpenBundlesTest {
    private static final CaseFile CASE = CaseNpz.read(SampleCase.image(), Limits.DEFAULT);

    @TempDir
    private Path folder = Path.of("");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private OpenBundles bundles;

    @BeforeEach
    void threeBundles() throws IOException {
        for (String id : new String[] {"first", "second", "third"}) {
            Path bundle = Files.createDirectory(folder.resolve(id));
            for (String graph : new String[] {"encoder.onnx", "decoder.onnx"}) {
                Files.createSymbolicLink(
                        bundle.resolve(graph),
                        SegmentationContract.ROOT
                                .resolve("models/bundles/nano")
                                .resolve(graph)
                                .toAbsolutePath());
            }
            String manifest = Files.readString(
                    SegmentationContract.ROOT.resolve("models/bundles/nano").resolve("manifest.yaml"));
            Files.writeString(bundle.resolve("manifest.yaml"), manifest.replace("id: nano", "id: " + id));
        }
        bundles = bundlesOpenedBy(Segmenter::open);
    }

    @AfterEach
    void close() {
        bundles.closeAll();
        threads.shutdownNow();
    }

    @Test
    void bundleIsOpenedOnceAndTheIdlestMakesRoom() throws InterruptedException {
        Segmenter first = borrowAndReturn("first");
        Segmenter second = borrowAndReturn("second");

        assertThat(borrowAndReturn("second")).isSameAs(second);
        Segmenter third = borrowAndReturn("third");

        assertThatThrownBy(() -> second.segment(CASE)).isInstanceOf(IllegalStateException.class);
        assertThat(borrowAndReturn("first")).as("the default stays").isSameAs(first);
        assertThat(borrowAndReturn("third")).isSameAs(third);
        assertThat(borrowAndReturn("second")).as("opened anew").isNotSameAs(second);
    }

    @Test
    void bundleInUseIsNotClosed() throws InterruptedException {
        try (OpenBundles.Loan second = bundles.borrow(Optional.of("second"));
                OpenBundles.Loan first = bundles.borrow(Optional.empty())) {
            assertThat(first.model().id()).isEqualTo("first");

            assertThatThrownBy(() -> bundles.borrow(Optional.of("third")))
                    .isInstanceOfSatisfying(
                            ProblemException.class, e -> assertThat(e.problem()).isEqualTo(Problem.BUSY));
            assertThat(second.segmenter().segment(CASE).objects()).hasSize(2);
        }
        assertThat(borrowAndReturn("third")).isNotNull();
    }

    @Test
    void slowLoadOfOneBundleDelaysNoRequestForAnother() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger loads = new AtomicInteger();
        try (Closing slow = new Closing(bundlesOpenedBy((bundle, options) -> {
            if (bundle.endsWith("second")) {
                loads.incrementAndGet();
                loading.countDown();
                await(go);
            }
            return Segmenter.open(bundle, options);
        }))) {
            borrowAndReturn(slow.bundles, "first");
            Future<Segmenter> one = threads.submit(() -> borrowAndReturn(slow.bundles, "second"));
            assertThat(loading.await(120, TimeUnit.SECONDS)).isTrue();
            Future<Segmenter> other = threads.submit(() -> borrowAndReturn(slow.bundles, "second"));

            Future<Segmenter> first = threads.submit(() -> borrowAndReturn(slow.bundles, "first"));
            assertThat(first.get(120, TimeUnit.SECONDS)).isNotNull();
            assertThat(one).isNotDone();
            assertThatThrownBy(() -> slow.bundles.borrow(Optional.of("third")))
                    .as("answers at once too")
                    .hasMessageContaining("2 bundles are open and in use");

            go.countDown();
            assertThat(one.get(120, TimeUnit.SECONDS)).isSameAs(other.get(120, TimeUnit.SECONDS));
            assertThat(loads).hasValue(1);
        }
    }

    @Test
    void bundleThatCouldNotBeOpenedIsTriedAgain() throws InterruptedException {
        AtomicInteger loads = new AtomicInteger();
        try (Closing bundles = new Closing(bundlesOpenedBy((bundle, options) -> {
            if (loads.incrementAndGet() == 1) throw new IllegalStateException("not yet");
            return Segmenter.open(bundle, options);
        }))) {
            assertThatThrownBy(() -> borrowAndReturn(bundles.bundles, "first")).hasMessage("not yet");
            assertThat(borrowAndReturn(bundles.bundles, "first")).isNotNull();
        }
    }

    @Test
    void unknownBundleIsRefused() {
        assertThatThrownBy(() -> bundles.borrow(Optional.of("../first")))
                .hasMessage("model must be one of [first, second, third], got ../first");
    }

    private record Closing(OpenBundles bundles) implements AutoCloseable {
        @Override
        public void close() {
            bundles.closeAll();
        }
    }

    private OpenBundles bundlesOpenedBy(SegmenterOpener opener) {
        return new OpenBundles(new BundleFolder(folder), "first", 2, SegmenterOptions.threads(1), opener);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Segmenter borrowAndReturn(String id) throws InterruptedException {
        return borrowAndReturn(bundles, id);
    }

    private static Segmenter borrowAndReturn(OpenBundles bundles, String id) throws InterruptedException {
        try (OpenBundles.Loan loan = bundles.borrow(Optional.of(id))) {
            return loan.segmenter();
        }
    }
}
