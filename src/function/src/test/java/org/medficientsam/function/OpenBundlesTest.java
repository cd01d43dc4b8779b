package org.medficientsam.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.segmenter.Segmenter;
import org.medficientsam.segmenter.SegmenterOptions;

/** Three bundles, two of which may be open. */
class OpenBundlesTest {
    private static final CaseFile CASE = CaseNpz.read(SampleCase.image(), Limits.DEFAULT);

    private OpenBundles bundles;

    @BeforeEach
    void threeBundles(@TempDir Path folder) throws IOException {
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
        bundles = new OpenBundles(new BundleFolder(folder), "first", 2, SegmenterOptions.threads(1), Segmenter::open);
    }

    @AfterEach
    void close() {
        bundles.closeAll();
    }

    @Test
    void bundleIsOpenedOnceAndTheIdlestMakesRoom() {
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
    void bundleInUseIsNotClosed() {
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
    void unknownBundleIsRefused() {
        assertThatThrownBy(() -> bundles.borrow(Optional.of("../first")))
                .hasMessage("model must be one of [first, second, third], got ../first");
    }

    private Segmenter borrowAndReturn(String id) {
        try (OpenBundles.Loan loan = bundles.borrow(Optional.of(id))) {
            return loan.segmenter();
        }
    }
}
