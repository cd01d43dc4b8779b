package org.medficientsam.function.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AdmissionControlTest {
    private static final long MEMORY = 100;

    private final ExecutorService callers = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        callers.shutdownNow();
    }

    @Test
    void oneTooManyIsRefusedAndTheRestTakeTurns() throws Exception {
        AdmissionControl admission = new AdmissionControl(1, 1, MEMORY);
        AdmissionControl.Turn first = admission.enter(1, false);
        Future<AdmissionControl.Turn> second = enter(admission, 1, false);

        assertThatThrownBy(() -> admission.enter(1, false))
                .isInstanceOf(AdmissionRefusedException.class)
                .hasMessage("1 cases are running and 1 are waiting; try again later");
        assertThat(second).isNotDone();
        first.close();

        second.get().close();
        assertThat(admission.running()).isZero();
        assertThat(admission.usedBytes()).isZero();
    }

    @Test
    void workThatNobodyWaitsForGetsMemoryAloneAndOnlyWhereNoCaseRuns() throws Exception {
        AdmissionControl admission = new AdmissionControl(1, 10, MEMORY);
        AdmissionControl.Turn aside = admission.enterIdle(40).orElseThrow();

        AdmissionControl.Turn first = admission.enter(60, false); // no turn is taken
        assertThat(admission.running()).isEqualTo(1);
        assertThat(admission.enterIdle(0)).as("while a case runs").isEmpty();
        Future<AdmissionControl.Turn> second = enter(admission, 70, false);
        first.close();
        assertThat(second).as("waits for memory").isNotDone();
        assertThat(admission.enterIdle(0)).as("while a case waits").isEmpty();
        aside.close();
        second.get().close();

        assertThat(admission.enterIdle(MEMORY + 1)).isEmpty();
        assertThat(admission.running()).isZero();
        assertThat(admission.usedBytes()).isZero();
    }

    @Test
    void memoryIsSharedHoweverManyTurnsThereAre() throws Exception {
        AdmissionControl admission = new AdmissionControl(10, 10, MEMORY);
        AdmissionControl.Turn large = admission.enter(70, false);
        Future<AdmissionControl.Turn> other = enter(admission, 40, false);
        AdmissionControl.Turn small = admission.enter(30, false);

        assertThat(other).isNotDone();
        assertThat(admission.usedBytes()).isEqualTo(100);
        large.close();
        assertThat(other.get()).isNotNull();
        small.close();
    }

    @Test
    void whoWaitsForMemoryIsNotPassedForEver() throws Exception {
        AdmissionControl admission = new AdmissionControl(2, 100, MEMORY);
        AdmissionControl.Turn running = admission.enter(60, false);
        Future<AdmissionControl.Turn> large = enter(admission, 60, false);
        int passed = 0;
        while (passed < 50) {
            Optional<AdmissionControl.Turn> small = enterAtOnce(admission);
            if (small.isEmpty()) break;
            small.get().close();
            passed++;
        }

        assertThat(passed).isEqualTo(16);
        running.close();
        large.get().close();
    }

    @Test
    void longCasesTakeNoTurnFromShortOnes() throws Exception {
        AdmissionControl admission = new AdmissionControl(2, 8, MEMORY);
        AdmissionControl.Turn running = admission.enter(1, true);
        List<Future<AdmissionControl.Turn>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) waiting.add(enter(admission, 1, true));

        assertThatThrownBy(() -> admission.enter(1, true))
                .as("long ones have half of the queue")
                .isInstanceOf(AdmissionRefusedException.class);
        for (int i = 0; i < 20; i++) admission.enter(1, false).close();
        AdmissionControl.Turn one = admission.enter(1, false);
        admission.enter(1, false).close();
        one.close();
        assertThat(waiting).noneMatch(Future::isDone);
        running.close();
        for (Future<AdmissionControl.Turn> turn : waiting) turn.get().close();
    }

    @Test
    void whereThereIsOneTurnALongCaseGetsItToo() throws Exception {
        AdmissionControl admission = new AdmissionControl(1, 0, MEMORY);
        AdmissionControl.Turn running = admission.enter(1, true);
        assertThatThrownBy(() -> admission.enter(1, false)).isInstanceOf(AdmissionRefusedException.class);
        running.close();
        admission.enter(1, false).close();
    }

    @Test
    void whoLeavesTheQueueTakesNothingAlong() throws Exception {
        AdmissionControl admission = new AdmissionControl(1, 2, MEMORY);
        AdmissionControl.Turn running = admission.enter(1, false);
        Thread[] leaver = new Thread[1];
        Future<AdmissionControl.Turn> leaving = callers.submit(() -> {
            leaver[0] = Thread.currentThread();
            return admission.enter(1, false);
        });
        await(admission, 1);
        Future<AdmissionControl.Turn> next = enter(admission, 1, false, 2);
        leaver[0].interrupt();

        assertThatThrownBy(leaving::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(admission.waiting()).isOne();
        running.close();
        next.get().close();
    }

    private Optional<AdmissionControl.Turn> enterAtOnce(AdmissionControl admission) throws Exception {
        int before = admission.waiting();
        Future<AdmissionControl.Turn> turn = callers.submit(() -> admission.enter(1, false));
        while (!turn.isDone() && admission.waiting() == before) Thread.onSpinWait();
        return admission.waiting() > before ? Optional.empty() : Optional.of(turn.get());
    }

    private Future<AdmissionControl.Turn> enter(AdmissionControl admission, long bytes, boolean isLong)
            throws InterruptedException {
        return enter(admission, bytes, isLong, admission.waiting() + 1);
    }

    /** Returns when it waits. */
    private Future<AdmissionControl.Turn> enter(AdmissionControl admission, long bytes, boolean isLong, int waiting)
            throws InterruptedException {
        Future<AdmissionControl.Turn> turn = callers.submit(() -> admission.enter(bytes, isLong));
        await(admission, waiting);
        return turn;
    }

    private static void await(AdmissionControl admission, int waiting) throws InterruptedException {
        while (admission.waiting() < waiting) Thread.sleep(1);
    }
}
