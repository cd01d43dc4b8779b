package org.medficientsam.eval.report.table;

/**
 * How a figure stands out. A mark is part of the cell's text, so that it shows on a terminal and in Markdown too; in HTML it
 * becomes a colour.
 */
public final class Mark {

    /** Computed here: best of its row. */
    public static final String BEST = " 🔴";

    /** Computed here: second best of its row. */
    public static final String SECOND = " 🔵";

    /** As the publisher printed it, whatever rule that followed. */
    private static final String PRINTED_RED = "ʳ";

    private static final String PRINTED_BLUE = "ᵇ";

    /** What the marks mean, for below a table. */
    public static final String LEGEND =
            "🔴 best, 🔵 second best of a row and metric, among columns of one data set and protocol.";

    private Mark() {}

    /** @param place 0 for the best */
    static String rank(int place) {
        return place == 0 ? BEST : place == 1 ? SECOND : "";
    }

    static String printed(String mark) {
        return switch (mark) {
            case "best" -> PRINTED_RED;
            case "second" -> PRINTED_BLUE;
            default -> "";
        };
    }
}
