package org.medficientsam.casefile;

/**
 * The caller's data is at fault. The message reads "field must be expected, got found": it names shapes, dtypes, counts and
 * coordinates, never pixels or paths, so it can be shown to whoever sent the case.
 */
public final class InvalidCaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of fault it is; the package description has the table of faults. */
    public enum Reason {
        /** Not an npz, not a case, or an array that is missing or cannot be one (HTTP 400). */
        MALFORMED,
        /** Larger than a configured limit allows (HTTP 413). */
        TOO_LARGE,
        /** A well-formed case whose boxes make no sense for its image (HTTP 422). */
        INVALID_PROMPT
    }

    private final Reason reason;
    private final String field;

    /**
     * @param field the array at fault ("imgs", "boxes[3]"), or "npz" for the archive itself
     * @param expected what follows "must be"
     * @param found what follows "got"
     */
    public InvalidCaseException(Reason reason, String field, String expected, String found) {
        super(field + " must be " + expected + ", got " + found);
        this.reason = reason;
        this.field = field;
    }

    /** Whose table row this is. */
    public Reason reason() {
        return reason;
    }

    /** The array at fault, or "npz". */
    public String field() {
        return field;
    }

    /** A fault of {@link Reason#MALFORMED}; arguments as of the constructor. */
    public static InvalidCaseException malformed(String field, String expected, String found) {
        return new InvalidCaseException(Reason.MALFORMED, field, expected, found);
    }

    /** A fault of {@link Reason#TOO_LARGE}; arguments as of the constructor. */
    public static InvalidCaseException tooLarge(String field, String expected, String found) {
        return new InvalidCaseException(Reason.TOO_LARGE, field, expected, found);
    }

    /** A fault of {@link Reason#INVALID_PROMPT}; arguments as of the constructor. */
    public static InvalidCaseException invalidPrompt(String field, String expected, String found) {
        return new InvalidCaseException(Reason.INVALID_PROMPT, field, expected, found);
    }
}
