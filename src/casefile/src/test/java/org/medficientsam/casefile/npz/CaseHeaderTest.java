package org.medficientsam.casefile.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.VolumeCase;

class CaseHeaderTest {
    private static final Path SAMPLES = Path.of("..", "samples");

    @ParameterizedTest
    @ValueSource(strings = {"2D_sample_lesion.npz", "2D_sample_cells.npz", "3D_sample_organs.npz"})
    void headerSaysWhatTheCaseIs(String name) throws IOException {
        CaseHeader header = CaseNpz.header(SAMPLES.resolve(name), Limits.DEFAULT);
        CaseFile read = CaseNpz.read(SAMPLES.resolve(name), Limits.DEFAULT);

        assertThat(header.isVolume()).isEqualTo(read instanceof VolumeCase);
        assertThat(header.depth()).isEqualTo(read.image().depth());
        assertThat(header.height()).isEqualTo(read.image().height());
        assertThat(header.width()).isEqualTo(read.image().width());
        assertThat(header.channels()).isEqualTo(read.image().channels());
        assertThat(header.boxes()).isEqualTo(read.boxes().size());
        assertThat(header.arrayBytes()).isGreaterThanOrEqualTo(read.image().data().length);
    }

    @Test
    void slicesAreCountedByIntervals() {
        double[] boxes = {
            0, 0, 3, 1, 1, 5, // three slices
            0, 0, 4, 1, 1, 4, // within
            0, 0, 9, 1, 1, 1e9, // to the end
            0, 0, Double.NaN, 1, 1, 0, // refused when it is read
        };
        CaseHeader header = CaseHeader.of(0, 12, 2, 2, 1, true, boxes);

        assertThat(header.coveredSlices()).isEqualTo(3 + 3 + 1);
        assertThat(header.boxSlices()).isEqualTo(3 + 1 + 3 + 1);
        assertThat(CaseHeader.of(0, 1, 2, 2, 1, false, new double[8]).coveredSlices())
                .isOne();
        assertThat(CaseHeader.of(0, 12, 2, 2, 1, true, new double[0]).coveredSlices())
                .isZero();
    }

    @Test
    void whatReadsNoPixelsStillChecksWhatTheyClaim() throws IOException {
        byte[] npz = Files.readAllBytes(SAMPLES.resolve("3D_sample_organs.npz"));
        Limits small = new Limits(1 << 20, 16, 1 << 16, 1 << 10, 1 << 20, 100);

        assertThatThrownBy(() -> CaseNpz.header(npz, small))
                .isInstanceOf(InvalidCaseException.class)
                .hasMessageStartingWith("imgs must be at most 1024 bytes");
    }
}
