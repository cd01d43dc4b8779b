package org.medficientsam.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AdmissionControlTest {
    private final ExecutorService callers = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        callers.shutdownNow();
    }

    @Test
    void oneTooManyIsRefusedAndTheRestTakeTurns() throws Exception {
        AdmissionControl admission = new AdmissionControl(1, 1);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        AtomicInteger together = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AdmissionControl.Run<String> work = () -> {
            most.accumulateAndGet(together.incrementAndGet(), Math::max);
            inside.countDown();
            await(go);
            together.decrementAndGet();
            return "done";
        };
        Future<String> first = callers.submit(() -> admission.inTurn(work));
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        Future<String> second = callers.submit(() -> admission.inTurn(work));
        while (admission.waiting() < 1) {
            Thread.onSpinWait();
        }

        assertThatThrownBy(() -> admission.inTurn(work))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isEqualTo(Problem.BUSY))
                .hasMessage("1 cases are running and 1 are waiting; try again later");
        go.countDown();

        assertThat(first.get()).isEqualTo("done");
        assertThat(second.get()).isEqualTo("done");
        assertThat(most).hasValue(1);
        assertThat(admission.running()).isZero();
        assertThat(admission.inTurn(() -> "free again")).isEqualTo("free again");
    }

    @Test
    void failureGivesTheTurnBack() {
        AdmissionControl admission = new AdmissionControl(1, 0);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> admission.inTurn(() -> {
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
        }
        assertThat(admission.running()).isZero();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
