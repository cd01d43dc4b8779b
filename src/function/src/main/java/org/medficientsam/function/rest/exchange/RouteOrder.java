package org.medficientsam.function.rest.exchange;

/**
 * In which order an exchange meets what stands before every route. What refuses comes after Quarkus' filter for CORS, whose order is
 * -300, so that pages of configured origins may read a refusal too.
 */
public final class RouteOrder {
    /** The exchange gets its id. */
    public static final int CONTEXT = Integer.MIN_VALUE;

    /** What is left of a refused body is read, and nothing is done before the last answer is taken. */
    public static final int UNREAD = CONTEXT + 1;

    /** Failures, wherever they come from, are told. Before this the process tells its two ports apart. */
    public static final int FAILURE = CONTEXT + 3;

    /** Who may ask. */
    public static final int ACCESS = -290;

    /** Whether there is room for an answer. */
    public static final int ROOM = ACCESS + 1;

    /** How long an address and headers may be. */
    public static final int HEAD = ACCESS + 2;

    /** The body comes. */
    public static final int BODY = ACCESS + 3;

    private RouteOrder() {}
}
