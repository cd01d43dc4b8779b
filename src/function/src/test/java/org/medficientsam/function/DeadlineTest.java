package org.medficientsam.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class DeadlineTest {
    @Inject
    SegmentationService service;

    @AfterEach
    void leave() {
        Deadline.leave();
    }

    @Test
    void remainingTimeEndsBeforeLambdaKills() {
        Deadline.enter(Duration.ofSeconds(10));

        assertThat(Deadline.current().orElseThrow().remaining())
                .isBetween(Duration.ofSeconds(8), Duration.ofSeconds(9));
        Deadline.enter(Deadline.RESERVE);
        assertThat(Deadline.current().orElseThrow().isOver()).isTrue();
        assertThat(Deadline.current().orElseThrow().remaining()).isZero();
    }

    /** With a model whose pace is not known yet, so that the case is begun. */
    @Test
    void caseThatIsNotDoneInTimeIsStopped() {
        double[] corners = new double[6 * 100];
        for (int i = 0; i < corners.length; i += 6) {
            System.arraycopy(new double[] {2, 2, 0, 30, 30, 199}, 0, corners, i, 6);
        }
        byte[] npz = SampleCase.flatVolume(32, 32, 200, corners);
        SegmentationRequest request = new SegmentationRequest(
                new CaseSource.Inline(new ByteArrayInputStream(npz)),
                "slow.npz",
                Optional.of("nano-int8"),
                Optional.empty());
        Deadline.enter(Duration.ofSeconds(5));

        assertThatThrownBy(() -> service.segment(request))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("the case must be done before the deadline, but segmentation was stopped after")
                .extracting(failure -> ((ProblemException) failure).problem())
                .isEqualTo(Problem.DEADLINE_EXCEEDED);
    }
}
