package org.medficientsam.function.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jboss.logging.MDC;
import org.junit.jupiter.api.Test;
import org.medficientsam.function.SampleCase;
import org.medficientsam.function.answer.NpzForm;

@QuarkusTest
class RequestContextTest {
    @Inject
    SegmentationService service;

    @Test
    void remainingTimeCountsDownToNothing() {
        RequestContext context = RequestContext.of("a");

        assertThat(context.remaining()).isEmpty();
        assertThat(context.isOver()).isFalse();
        assertThat(context.within(Duration.ofSeconds(9)).remaining().orElseThrow())
                .isBetween(Duration.ofNanos(1), Duration.ofSeconds(9));
        assertThat(context.within(Duration.ofSeconds(60)).remaining().orElseThrow())
                .as("never later")
                .isLessThan(Duration.ofSeconds(10));
        assertThat(context.within(Duration.ZERO).isOver()).isTrue();
        assertThat(context.within(Duration.ofSeconds(-1)).remaining()).contains(Duration.ZERO);
    }

    @Test
    void idThatCouldForgeALogLineIsReplaced() {
        assertThat(RequestContext.of("case-17").id()).isEqualTo("case-17");
        assertThat(RequestContext.of("a\nINFO all is well").id()).matches("[0-9a-f-]{36}");
        assertThat(RequestContext.of(null).id()).matches("[0-9a-f-]{36}");
    }

    @Test
    void logLinesSayWhatTheThreadWorksOnUntilItLeaves() {
        RequestContext context = RequestContext.of("request").withTrace("1-0-0");
        context.enter();
        context.about("a.npz");
        context.by("micro");

        assertThat(MDC.getMap())
                .containsEntry("requestId", "request")
                .containsEntry("xrayTraceId", "1-0-0")
                .containsEntry("case", "a.npz")
                .containsEntry("model", "micro");
        context.about("b.npz");
        assertThat(MDC.getMap()).containsEntry("case", "b.npz").doesNotContainKey("model");
        context.leave();
        assertThat(MDC.getMap()).doesNotContainKeys("requestId", "xrayTraceId", "case", "model");
    }

    @Test
    void stoppedRequestEndsWithItsReasonAndLeavesTheThreadUsable() throws Exception {
        RequestContext context = RequestContext.of(null);
        CountDownLatch working = new CountDownLatch(1);
        ProblemException why = new ProblemException(Problem.ABANDONED, "gone");
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Future<String> work = thread.submit(() -> context.work(() -> {
            working.countDown();
            Thread.sleep(60_000);
            return "done";
        }));
        working.await();
        context.stop(why);
        context.stop(new ProblemException(Problem.BUSY, "too late"));

        assertThatThrownBy(work::get).hasCause(why);
        assertThat(thread.submit(Thread::interrupted).get()).isFalse();
        assertThatThrownBy(() -> context.work(() -> "never begins")).isSameAs(why);
        thread.shutdownNow();
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
                new CaseSource.Inline(npz),
                "slow.npz",
                Optional.of("nano-int8"),
                Optional.empty(),
                Wanted.of(new NpzForm()));
        RequestContext context = RequestContext.of(null).within(Duration.ofSeconds(4));

        assertThatThrownBy(() -> service.segment(request, context))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("the case must be done before the deadline, but ")
                .extracting(failure -> ((ProblemException) failure).problem())
                .isEqualTo(Problem.DEADLINE_EXCEEDED);
    }
}
