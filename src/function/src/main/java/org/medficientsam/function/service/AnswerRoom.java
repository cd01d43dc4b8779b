package org.medficientsam.function.service;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.LongSupplier;

/** Room for answers that wait until their clients read them. Beside the cases' memory: an answer is only made while there is some. */
@ApplicationScoped
public class AnswerRoom {
    /** Of the memory for cases, which is not for this: what is left of the heap is a little more than three times as much. */
    private static final int SHARE = 8;

    private final long most;
    private volatile LongSupplier waiting = () -> 0; // where nothing listens all are read

    @Inject
    AnswerRoom(FunctionConfig config) {
        this.most = config.memoryBytes() / SHARE;
    }

    /** From here on that one tells how many bytes wait. */
    public void watchedBy(LongSupplier bytes) {
        waiting = bytes;
    }

    /** Whether more waits than should. */
    public boolean isFull() {
        return waiting.getAsLong() > most;
    }

    /** @throws ProblemException {@link Problem#BUSY} if it is full */
    public void check() {
        if (isFull()) throw new ProblemException(Problem.BUSY, "too many answers wait to be read; try again later");
    }
}
