package org.medficientsam.function.admission;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns and memory for all cases together. Cases wait in the order in which they come, with two exceptions: long cases have turns of
 * their own, one fewer than short ones, so that short ones never wait for them; and who waits for memory lets others pass that fit,
 * but not for ever. Where there is one turn, it is for all.
 */
public final class AdmissionControl {
    /** How many may pass one that waits for memory. */
    private static final int MOST_PASSES = 16;

    private final int concurrency;
    private final int queue;
    private final long memory;
    private final List<Turn> waiting = new ArrayList<>();
    private int running;
    private int runningLong;
    private long used; // by cases, and lent
    private long lent;
    private volatile @Nullable Borrower borrower;

    /**
     * @param concurrency short cases at the same time
     * @param queue cases that may wait; of long ones half as many
     * @param memory bytes of all cases at the same time
     */
    public AdmissionControl(int concurrency, int queue, long memory) {
        this.concurrency = concurrency;
        this.queue = queue;
        this.memory = memory;
    }

    /** Holds memory that cases do not need now, and gives it back when they do. */
    public interface Borrower {
        /**
         * Gives back so many bytes by {@link AdmissionControl#takeBack}, or what it can spare of them. Called without any lock held, by a
         * thread whose case waits for it.
         */
        void giveBack(long bytes);
    }

    /** From here on that one is asked for memory when cases need it. */
    public void borrowedBy(Borrower one) {
        borrower = one;
    }

    /**
     * Lends memory that no case needs now.
     *
     * @return whether there was so much; it is then lent
     */
    public synchronized boolean lend(long bytes) {
        if (used + bytes > memory || waiting.stream().anyMatch(this::waitsForMemory)) return false;
        used += bytes;
        lent += bytes;
        return true;
    }

    /** Takes back what was lent. */
    public synchronized void takeBack(long bytes) {
        used -= bytes;
        lent -= bytes;
        grant();
    }

    /** What who waits for memory lacks, as far as it is lent. */
    private synchronized long lacking(long bytes) {
        long first = waiting.stream()
                .filter(this::waitsForMemory)
                .findFirst()
                .map(turn -> turn.bytes)
                .orElse(0L);
        return Math.min(lent, used + Math.max(first, bytes) - memory);
    }

    /** Asks lent memory back if a case waits for it; to be called when some of it is no longer in use. */
    public void askBack() {
        askBack(0);
    }

    private void askBack(long bytes) {
        Borrower one = borrower;
        long lacking = one == null ? 0 : lacking(bytes);
        if (one != null && lacking > 0) one.giveBack(lacking);
    }

    /** Memory for all cases together. */
    public long memory() {
        return memory;
    }

    /**
     * Waits for a turn.
     *
     * @param bytes that the case holds at most
     * @param isLong whether others should not have to wait for it
     * @return to be closed when the case is done
     * @throws AdmissionRefusedException if as many wait as may
     * @throws InterruptedException if nobody waits for the case any more
     */
    public Turn enter(long bytes, boolean isLong) throws InterruptedException {
        if (bytes > memory)
            throw new IllegalArgumentException("a case must fit %d bytes, got %d".formatted(memory, bytes));
        Turn turn = new Turn(bytes, isLong, false);
        askBack(bytes);
        synchronized (this) {
            refuseBeyondQueue(turn);
            waiting.add(turn);
            grant();
            try {
                while (!turn.granted) wait();
            } catch (InterruptedException e) {
                if (turn.granted) release(turn);
                else waiting.remove(turn);
                grant();
                throw e;
            }
        }
        return turn;
    }

    /**
     * Memory for work that nobody waits for yet, where no case runs or waits. It takes no turn: a case that comes meanwhile begins.
     *
     * @return empty where there is something else to do, or no such memory
     */
    public synchronized Optional<Turn> enterIdle(long bytes) {
        if (running > 0 || !waiting.isEmpty() || used + bytes > memory) return Optional.empty();
        Turn turn = new Turn(bytes, false, true);
        take(turn);
        return Optional.of(turn);
    }

    private void refuseBeyondQueue(Turn turn) {
        if (fits(turn) && waiting.stream().noneMatch(this::fits) && mayPassAll()) return;
        long longWaiting = waiting.stream().filter(other -> other.isLong).count();
        if (waiting.size() >= queue || (turn.isLong && longWaiting >= Math.max(1, queue / 2)))
            throw new AdmissionRefusedException(
                    "%d cases are running and %d are waiting; try again later".formatted(running, waiting.size()));
    }

    private boolean mayPassAll() {
        return waiting.stream().noneMatch(other -> waitsForMemory(other) && other.passed >= MOST_PASSES);
    }

    /** Gives turns to who waits, in order, as far as there are any. */
    private void grant() {
        List<Turn> passed = new ArrayList<>();
        boolean granted = false;
        for (Iterator<Turn> turns = waiting.iterator(); turns.hasNext(); ) {
            Turn turn = turns.next();
            if (fits(turn)) {
                turns.remove();
                take(turn);
                granted = true;
                passed.forEach(other -> other.passed++);
            } else if (waitsForMemory(turn)) {
                // Where no case runs, only lent memory is in the way, which who waits behind may have in use.
                if (turn.passed >= MOST_PASSES && running > 0) break;
                passed.add(turn);
            }
        }
        if (granted) notifyAll();
    }

    private boolean hasTurn(Turn turn) {
        if (concurrency == 1) return running == 0;
        return turn.isLong ? runningLong < concurrency - 1 : running - runningLong < concurrency;
    }

    private boolean waitsForMemory(Turn turn) {
        return hasTurn(turn) && used + turn.bytes > memory;
    }

    private boolean fits(Turn turn) {
        return hasTurn(turn) && used + turn.bytes <= memory;
    }

    private void take(Turn turn) {
        turn.granted = true;
        used += turn.bytes;
        if (turn.isAside) return;
        running++;
        if (turn.isLong) runningLong++;
    }

    private void release(Turn turn) {
        used -= turn.bytes;
        if (turn.isAside) return;
        running--;
        if (turn.isLong) runningLong--;
    }

    /** Cases that are being segmented. */
    public synchronized int running() {
        return running;
    }

    /** Cases that wait for their turn. */
    public synchronized int waiting() {
        return waiting.size();
    }

    /** Bytes that the running cases may hold. */
    public synchronized long usedBytes() {
        return used - lent;
    }

    /** Bytes that are lent. */
    public synchronized long lentBytes() {
        return lent;
    }

    /** A case's place. */
    public final class Turn implements AutoCloseable {
        private final long bytes;
        private final boolean isLong;
        private final boolean isAside; // beside all cases
        private boolean granted;
        private int passed;
        private boolean closed;

        private Turn(long bytes, boolean isLong, boolean isAside) {
            this.bytes = bytes;
            this.isLong = isLong;
            this.isAside = isAside;
        }

        /** Gives turn and memory back, but for so many bytes that are lent from here on. */
        public void closeLending(long bytes) {
            if (bytes > this.bytes)
                throw new IllegalArgumentException("a turn of %d bytes must not lend %d".formatted(this.bytes, bytes));
            synchronized (AdmissionControl.this) {
                used += bytes;
                lent += bytes;
            }
            close();
        }

        /** Gives turn and memory back; again is harmless. */
        @Override
        public void close() {
            synchronized (AdmissionControl.this) {
                if (closed) return;
                closed = true;
                release(this);
                grant();
            }
            askBack();
        }
    }
}
