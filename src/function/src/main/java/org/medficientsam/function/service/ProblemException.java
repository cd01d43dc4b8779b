package org.medficientsam.function.service;

/** A fault that the function itself found: an unknown model, a full queue, an event that says nothing. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int EXCERPT = 64;

    private final Problem problem;

    /** @param detail field, expected, found; shown to the caller */
    public ProblemException(Problem problem, String detail) {
        super(detail);
        this.problem = problem;
    }

    /** What a caller wrote, short enough to show. */
    public static String excerpt(String text) {
        return text.length() <= EXCERPT ? text : text.substring(0, EXCERPT) + "...";
    }

    public Problem problem() {
        return problem;
    }
}
